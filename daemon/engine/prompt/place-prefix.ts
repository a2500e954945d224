/**
 * Where the rows of a prefix stand: in front of the prompt, behind the token that begins every text where the model's tokenizer
 * puts one there. They are tokens to everything else: positions, the context's budget and the cache count them.
 */
import { TillerError } from "../../protocol/errors.ts";
import type { LoweredPlan } from "../steering/lowered.ts";

/** Whatever it is, its embedding is not read: the row takes its place. */
const PLACEHOLDER = 0;

export interface Placed {
  readonly tokens: Int32Array;
  /** position of the first row */
  readonly at: number;
  readonly rows: number;
}

/** @param begins the token that the tokenizer puts in front of texts; null: it puts none */
export function prefixAt(tokens: Int32Array, begins: number | null): number {
  return begins !== null && tokens[0] === begins ? 1 : 0;
}

/** @param limit of tokens @throws TillerError context-full */
export function placePrefix(tokens: Int32Array, plan: LoweredPlan | null, begins: number | null, limit: number): Placed {
  const rows = plan?.prefix.length ?? 0;
  const at = prefixAt(tokens, begins);
  if (rows === 0) return { tokens, at, rows };
  if (tokens.length + rows > limit)
    throw new TillerError(
      "context-full",
      `the prompt has ${tokens.length} tokens and the prefix ${rows}, the context has room for ${limit}`,
      {
        suggestion: "Shorten the prompt, turn a prefix off, or load the model with a larger context.",
      },
    );
  return { tokens: insertRows(tokens, at, rows), at, rows };
}

export function insertRows(tokens: Int32Array, at: number, rows: number): Int32Array {
  const longer = new Int32Array(tokens.length + rows).fill(PLACEHOLDER);
  longer.set(tokens.subarray(0, at));
  longer.set(tokens.subarray(at), at + rows);
  return longer;
}

/** What has no meaning with rows that are no tokens. @throws TillerError not-supported */
export function refusePrefix(plan: LoweredPlan | null, what: string, field: string): void {
  if ((plan?.prefix.length ?? 0) === 0) return;
  throw new TillerError("not-supported", `${what}: not beside a prefix, whose rows are no tokens`, {
    field,
    suggestion: "Turn the prefix off (strength 0) or leave it out.",
  });
}
