/** One answer: what steered it, its tokens, how it ended, and what can be done with it. */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { AnswerState } from "../store/state.ts";
import { useStore } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { AnswerText } from "./answer-text.tsx";
import { Inspector } from "./inspector.tsx";
import { SteeredLine } from "./steered.tsx";
import { tokensOfText } from "./text.ts";
import { type TintScale, tintScale } from "./tint.ts";
import { TintLegend } from "./tint-legend.tsx";

export interface AnswerProps {
  answer: AnswerState;
  label: string;
  marked?: ReadonlySet<number> | undefined;
  /** of several answers that are shown together; the one who gives it shows its legend, too */
  sharedScale?: TintScale | null;
  onRetry?: (() => void) | undefined;
  /** far out of sight: shown as text alone */
  plain?: boolean;
  /** further buttons of the foot line */
  children?: ComponentChildren;
}

export function Answer({ answer, label, marked, sharedScale, onRetry, plain = false, children }: AnswerProps) {
  const at = useStore((state) => state.tintAt);
  const [active, setActive] = useState<number | null>(null);
  const tokens = useMemo(() => tokensOfText(answer.tokens, answer.text), [answer.tokens, answer.text]);
  const own = useMemo(() => (answer.probe === null ? null : tintScale(answer.tokens, at)), [answer.tokens, answer.probe, at]);
  const scale = sharedScale === undefined ? own : sharedScale;
  const inspected = active === null ? undefined : tokens?.[active];
  const waiting = answer.phase !== "ended" && answer.text === "";
  return (
    <div class="answer" data-phase={answer.phase}>
      <SteeredLine answer={answer} />
      {waiting && <p class="waiting">{answer.phase === "queued" ? "Waiting for its turn …" : "Reading the prompt …"}</p>}
      {answer.text !== "" && (
        <AnswerText
          answer={answer}
          tokens={tokens}
          scale={scale}
          marked={marked}
          active={active}
          label={label}
          plain={plain}
          onActive={setActive}
        />
      )}
      {inspected !== undefined && <Inspector token={inspected} probe={answer.probe} onClose={() => setActive(null)} />}
      {answer.probe !== null && own !== null && sharedScale === undefined && (
        <TintLegend probe={answer.probe} scale={own} spans="this answer" />
      )}
      {answer.problem !== null && <ProblemCard problem={answer.problem} onRetry={onRetry} />}
      {answer.phase === "ended" && (
        <footer class="answer-foot">
          <Stats answer={answer} />
          <div class="answer-actions">
            <CopyButton text={() => answer.text} label="Copy this answer" />
            {children}
          </div>
        </footer>
      )}
    </div>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  length: "ended at the token limit",
  "stop-string": "ended at a stop string",
  cancelled: "stopped",
  context: "ended: the context is full",
  "engine-crashed": "ended: the engine crashed",
  "shutting-down": "ended: the daemon stopped",
  grammar: "ended by the grammar",
  error: "ended with an error",
};

function Stats({ answer }: { answer: AnswerState }) {
  const { stats, seed, reason, overflow, model } = answer;
  const name = useStore((state) => state.library.models.find(({ id }) => id === model)?.name ?? model);
  const parts = [
    ...(name === null ? [] : [name]),
    stats === null ? `${answer.tokens.length} tokens` : `${stats.answerTokens} tokens`,
    ...(stats === null ? [] : [`${stats.tokensPerSecond.toFixed(1)} tokens/s`]),
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(reason === null || reason === "end" ? [] : [REASONS[reason] ?? reason]),
    ...(overflow === null || overflow.droppedTurns === 0 ? [] : [`${overflow.droppedTurns} old turns left out`]),
  ];
  const title =
    stats === null
      ? ""
      : `${stats.promptTokens} prompt tokens (${stats.reusedTokens} reused), queue ${Math.round(stats.queueMs)} ms, first token ${Math.round(stats.firstTokenMs)} ms`;
  return (
    <span class="stats number" title={title}>
      {parts.join(" · ")}
    </span>
  );
}
