/** An answer rendered: Markdown, code, formulas. What is clicked is a token here too, and arrow keys walk through them. */
import { useMemo } from "preact/hooks";
import type { Token } from "../../daemon/protocol/api/generate.ts";
import { marksOf } from "../chat/marks.ts";
import type { Changes } from "../store/state.ts";
import { BlockView } from "./block.tsx";
import { characterAt } from "./caret.ts";
import { marksByBlock, placed } from "./marks.ts";
import type { Block, Rendered } from "./node.ts";
import { type Look, placesOf, type TokenPlaces, tokenAt } from "./spans.ts";

export interface RenderedTextProps extends Look {
  rendered: Rendered;
  /** null: they are not kept, or do not spell the text */
  tokens: readonly Token[] | null;
  changes: Changes;
  label: string;
  onActive: (index: number | null) => void;
}

export function RenderedText({ rendered, tokens, changes, label, onActive, ...look }: RenderedTextProps) {
  const places = useMemo(() => (tokens === null || tokens.length === 0 ? null : placesOf(tokens)), [tokens]);
  const marks = useMemo(() => (places === null ? [] : placed(marksOf(places.tokens, changes), places)), [places, changes]);
  const { thinking, blocks } = rendered;
  const count = places?.tokens.length ?? 0;
  const all = thinking === null ? blocks : [...thinking.blocks, ...blocks];
  const lists = marksByBlock(marks, all);
  const show = (list: readonly Block[], offset: number) =>
    list.map((block, i) => <BlockView key={i} block={block} places={places} marks={lists[i + offset]!} {...look} />);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || places === null) return;
    if (event.key === "Escape" || event.key === "Enter") {
      onActive(event.key === "Escape" || look.active !== null ? null : 0);
      return;
    }
    const to = stepOf(event.key, look.active, count);
    if (to === null) return;
    event.preventDefault();
    onActive(to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of paragraphs is not a fieldset
    <div
      class="rendered"
      role="group"
      aria-label={label}
      data-moved={marks.length > 0 ? "" : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk through the tokens here
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const index = places === null ? null : clicked(event, places);
        if (index !== null) onActive(index === look.active ? null : index);
      }}
    >
      {thinking !== null && (
        <details class="thinking">
          <summary>{thinking.open ? "Thinking …" : `Thought, ${wordsOf(thinking.blocks)} characters`}</summary>
          {show(thinking.blocks, 0)}
        </details>
      )}
      {show(blocks, thinking?.blocks.length ?? 0)}
    </div>
  );
}

function stepOf(key: string, active: number | null, count: number): number | null {
  const from = active ?? -1;
  const to = { ArrowRight: from + 1, ArrowLeft: from - 1, ArrowDown: from + 10, ArrowUp: from - 10, Home: 0, End: count - 1 }[key];
  // Up and down scroll until a token is looked at.
  if (to === undefined || (active === null && key !== "ArrowRight")) return null;
  return Math.max(0, Math.min(count - 1, to));
}

/** Null: a button, or text that was just selected, or no text. */
function clicked({ target, clientX, clientY }: MouseEvent, places: TokenPlaces): number | null {
  if ((target as Element | null)?.closest?.("button, summary, input") != null) return null;
  if (document.getSelection()?.isCollapsed === false) return null;
  const character = characterAt(target, clientX, clientY);
  return character === null ? null : tokenAt(places, character);
}

function wordsOf(blocks: readonly Block[]): number {
  const [first, last] = [blocks[0], blocks.at(-1)];
  return first === undefined || last === undefined ? 0 : last.to - first.from;
}
