/** The line below an answer: what steered it, how it ended, how fast it was. */
import type { Answer } from "../../protocol/api/generate.ts";

const ENDS: Partial<Record<Answer["reason"], string>> = {
  length: "ended at --max-tokens",
  cancelled: "stopped",
  context: "ended because the context is full",
  "engine-crashed": "the engine crashed",
  "shutting-down": "the daemon is stopping",
  error: "ended by an error",
};

const EMPTY = "an empty answer: the model ended at once";
const EMPTY_STEERED = `${EMPTY} under this steering; try a smaller strength`;

export function describeAnswer({ text, toolCalls = [], steered, reason, stats, changes, overflow, seed }: Answer): string {
  const parts = [steered.steered ? `steered: ${steered.summary.replace(/^steered: */i, "")}` : steered.summary];
  for (const { token, controls } of changes) parts.push(`${named(controls)} from token ${token}`);
  if (overflow !== null) parts.push(leftOut(overflow));
  if (ENDS[reason] !== undefined) parts.push(ENDS[reason]);
  if (reason === "end" && text.trim() === "" && toolCalls.length === 0) parts.push(steered.steered ? EMPTY_STEERED : EMPTY);
  parts.push(`${stats.answerTokens} tokens, ${stats.tokensPerSecond.toFixed(1)} per second, seed ${seed}`);
  return `[${parts.join("; ")}]`;
}

/** A raw text has no turns, and a single turn is one. */
function leftOut({ droppedTurns, droppedTokens }: NonNullable<Answer["overflow"]>): string {
  const turns = droppedTurns === 1 ? "the oldest turn" : `the ${droppedTurns} oldest turns`;
  const what = droppedTurns === 0 ? "the beginning of the text" : turns;
  return `${what} (${droppedTokens} tokens) did not fit the context and ${droppedTurns > 1 ? "were" : "was"} left out`;
}

function named(controls: Readonly<Record<string, number>>): string {
  return Object.entries(controls)
    .map(([name, strength]) => `${name} ${strength}`)
    .join(", ");
}
