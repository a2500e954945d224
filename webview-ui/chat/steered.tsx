/** What steered this answer, or why nothing did; and where a slider was moved while it was written. Always shown. */
import { formatStrength } from "../rack/range.ts";
import type { AnswerState } from "../store/state.ts";

type Facts = Pick<AnswerState, "began" | "steered" | "controls" | "phase" | "problem">;

/** As it began; the moves follow in a line of their own. */
export function steeredText({ began, steered, controls, phase, problem }: Facts): string {
  if (began?.steered === false && steered?.steered === true) return `plain at first, then ${steered.summary}`;
  if (began != null) return began.summary;
  if (steered !== null) return steered.summary;
  if (phase !== "ended") return controls.length === 0 ? "NOT steered: no sliders" : "waiting for the engine …";
  return `NOT steered: ${problem?.why ?? "it ended before it began"}`;
}

export function SteeredLine({ answer }: { answer: AnswerState }) {
  const on = answer.steered?.steered === true || answer.changes.length > 0;
  return (
    <p class="steered" data-on={on ? "" : undefined} data-wanted={answer.controls.length > 0 ? "" : undefined}>
      <i aria-hidden="true" />
      <span>{steeredText(answer)}</span>
      {answer.left !== undefined && answer.left.length > 0 && (
        <span class="steered-left">Left out, made for another model: {answer.left.join(", ")}.</span>
      )}
      {answer.changes.length > 0 && (
        <span class="steered-changes number">
          {answer.changes.map(({ token, controls }) => (
            <span key={token}>
              from token {token}:{" "}
              {Object.entries(controls)
                .map(([name, strength]) => `${name} ${formatStrength(strength)}`)
                .join(", ")}
            </span>
          ))}
        </span>
      )}
    </p>
  );
}
