/** Steered and plain, side by side, at one seed, with the tokens marked where they part. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Alignment, align } from "../../daemon/protocol/rules/align.ts";
import { Answer } from "../chat/answer.tsx";
import { AnswersAs } from "../chat/answers-as.tsx";
import { SeedField } from "../chat/seed.tsx";
import { tintScale } from "../chat/tint.ts";
import { TintLegend } from "../chat/tint-legend.tsx";
import type { Pusher } from "../rack/push.ts";
import { useApp, useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { wrongField } from "../ui/number.ts";
import { compare, stopCompare } from "./start.ts";

export function CompareView({ pusher }: { pusher: Pusher }) {
  const app = useApp();
  const { prompt, system, before, steered, plain } = useStore((state) => state.compare);
  const left = useStore((state) => state.answers[steered ?? ""]);
  const right = useStore((state) => state.answers[plain ?? ""]);
  const connected = useStore((state) => state.link.phase === "open");
  const running = left?.phase === "queued" || left?.phase === "running" || right?.phase === "queued" || right?.phase === "running";
  const alignment = useMemo(
    () =>
      align(
        (left?.tokens ?? []).map(({ id }) => id),
        (right?.tokens ?? []).map(({ id }) => id),
      ),
    [left?.tokens, right?.tokens],
  );
  const at = useStore((state) => state.tintAt);
  // One scale for both: the same colour is the same reading on either side.
  const scale = useMemo(() => tintScale([...(left?.tokens ?? []), ...(right?.tokens ?? [])], at), [left?.tokens, right?.tokens, at]);
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useRef<HTMLFormElement>(null);
  // Opened by a button of an answer, which is gone now.
  useEffect(() => rescueFocus(() => heading.current), []);
  const again = () => void compare(app, pusher);
  return (
    <section class="compare" aria-label="Compare steered with plain">
      <form
        class="compare-form"
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (prompt.trim() === "" || running || !connected) return;
          const wrong = wrongField(form.current);
          if (wrong !== null) wrong.focus();
          else again();
        }}
      >
        <h2 ref={heading} tabIndex={-1}>
          Compare steered with plain
        </h2>
        {before.length > 0 && (
          <p class="hint">
            After {before.length} earlier messages.{" "}
            <button type="button" class="quiet" onClick={() => app.store.dispatch({ type: "compare", compare: { before: [] } })}>
              Leave them out
            </button>
          </p>
        )}
        <label class="field">
          <span>Message</span>
          <textarea
            rows={2}
            value={prompt}
            onInput={({ currentTarget: { value } }) => app.store.dispatch({ type: "compare", compare: { prompt: value } })}
          />
        </label>
        <label class="field">
          <span>System prompt</span>
          <textarea
            rows={1}
            placeholder="None"
            value={system}
            onInput={({ currentTarget: { value } }) => app.store.dispatch({ type: "compare", compare: { system: value } })}
          />
        </label>
        <div class="row">
          {running ? (
            <button type="button" class="stop" onClick={() => stopCompare(app)}>
              <Icon name="stop" />
              Stop both
            </button>
          ) : (
            <button type="submit" class="primary" disabled={!connected || prompt.trim() === ""}>
              <Icon name="compare" />
              Compare
            </button>
          )}
          <SeedField />
          <AnswersAs />
        </div>
      </form>
      {left !== undefined && right !== undefined && (
        <>
          <p class="compare-sum number" role="status">
            {running ? "" : summary(alignment, left.tokens.length, right.tokens.length)}
          </p>
          {left.probe !== null && scale !== null && <TintLegend probe={left.probe} scale={scale} spans="both answers" />}
          <div class="compare-pair">
            <article class="turn" aria-labelledby="compare-steered">
              <h3 id="compare-steered">Steered</h3>
              <Answer answer={left} label="Steered answer" marked={alignment.left} sharedScale={scale} onRetry={again} />
            </article>
            <article class="turn" aria-labelledby="compare-plain">
              <h3 id="compare-plain">Plain</h3>
              <Answer answer={right} label="Plain answer" marked={alignment.right} sharedScale={scale} onRetry={again} />
            </article>
          </div>
        </>
      )}
    </section>
  );
}

export function summary({ common, first }: Alignment, left: number, right: number): string {
  if (left === 0 && right === 0) return "";
  if (common === left && common === right) return `Both answers are the same, ${left} tokens.`;
  const longest = Math.max(left, right);
  const parting = first === null ? "one is the beginning of the other" : `they part at token ${first}`;
  return `${common} of ${longest} tokens are the same; ${parting}.`;
}
