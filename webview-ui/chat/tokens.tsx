/** The text of an answer, token by token: tinted, marked where a slider moved, and open to inspection by mouse or keyboard. */
import { Component } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Token } from "../../daemon/protocol/api/generate.ts";
import type { Changes } from "../store/state.ts";
import { ChangeMark } from "./change-mark.tsx";
import { type Mark, marksOf } from "./marks.ts";
import { sameScale, type TintScale, tintOf } from "./tint.ts";

const CHUNK = 48;

export interface TokenTextProps {
  tokens: readonly Token[];
  changes: Changes;
  scale: TintScale | null;
  /** indices of tokens that differ from the other side of a comparison */
  marked?: ReadonlySet<number> | undefined;
  active: number | null;
  label: string;
  onActive: (index: number | null) => void;
}

export function TokenText({ tokens, changes, scale, marked, active, label, onActive }: TokenTextProps) {
  const marks = useMemo(() => marksOf(tokens, changes), [tokens, changes]);
  const root = useRef<HTMLDivElement>(null);
  const focus = (index: number) => {
    const at = Math.max(0, Math.min(tokens.length - 1, index));
    onActive(at);
    root.current?.querySelector<HTMLElement>(`[data-i="${at}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      onActive(null);
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onActive(indexAt(event.target));
      return;
    }
    const from = active ?? 0;
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, ArrowDown: from + 10, ArrowUp: from - 10, Home: 0, End: tokens.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    focus(to);
  };
  const chunks = Array.from({ length: Math.ceil(tokens.length / CHUNK) }, (_, i) => i * CHUNK);
  const stop = Math.min(active ?? 0, tokens.length - 1);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of tokens is not a fieldset
    <div
      ref={root}
      class="tokens"
      data-moved={marks.length > 0 ? "" : undefined}
      dir="auto"
      role="group"
      aria-label={label}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const index = indexAt(event.target);
        if (index !== null) onActive(index === active ? null : index);
      }}
    >
      {chunks.map((start) => (
        <Chunk
          key={start}
          start={start}
          tokens={tokens.slice(start, start + CHUNK)}
          changes={marks.filter(({ at }) => at >= start && at < start + CHUNK)}
          scale={scale}
          marked={marked}
          active={active !== null && active >= start && active < start + CHUNK ? active : null}
          tabStop={stop >= start && stop < start + CHUNK ? stop : null}
        />
      ))}
    </div>
  );
}

function indexAt(target: EventTarget | null): number | null {
  const index = (target as HTMLElement | null)?.closest?.<HTMLElement>("[data-i]")?.dataset["i"];
  return index === undefined ? null : Number(index);
}

interface ChunkProps {
  start: number;
  tokens: readonly Token[];
  changes: readonly Mark[];
  scale: TintScale | null;
  marked: ReadonlySet<number> | undefined;
  active: number | null;
  tabStop: number | null;
}

/** Long answers arrive at hundreds of tokens a second: only the chunk that grows is rendered again. */
class Chunk extends Component<ChunkProps> {
  override shouldComponentUpdate(next: ChunkProps): boolean {
    const now = this.props;
    return (
      next.tokens.length !== now.tokens.length ||
      next.tokens[0] !== now.tokens[0] ||
      next.changes.length !== now.changes.length ||
      next.active !== now.active ||
      next.tabStop !== now.tabStop ||
      next.marked !== now.marked ||
      !sameScale(next.scale, now.scale)
    );
  }

  override render({ start, tokens, changes, scale, marked, active, tabStop }: ChunkProps) {
    return (
      <>
        {tokens.map((token, i) => {
          const index = start + i;
          const tint = tintOf(token.probes?.[0], scale);
          const change = changes.find(({ at }) => at === index);
          return (
            <>
              {change !== undefined && <ChangeMark mark={change} />}
              <span
                key={index}
                class="tok"
                data-i={index}
                data-tint={tint === null || tint.strength === 0 ? undefined : tint.sign}
                data-diff={marked?.has(index) ? "" : undefined}
                data-active={active === index ? "" : undefined}
                style={tint === null ? undefined : { "--t": tint.strength }}
                tabIndex={tabStop === index ? 0 : -1}
              >
                {token.text}
              </span>
            </>
          );
        })}
      </>
    );
  }
}
