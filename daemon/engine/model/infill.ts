/**
 * Filling a gap: prefix and suffix around the model's own tokens for that, in the order prefix, suffix, middle that most models
 * were trained with (Bavarian et al., "Efficient Training of Language Models to Fill in the Middle", 2022, arXiv:2207.14255; PSM).
 */
import type { LlamaModel } from "node-llama-cpp";
import type { Answer, ChatParams } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";

export interface InfillMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
}

export interface Gap {
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** null: the model wants none */
  readonly bos: number | null;
}

/** null: the model has none. */
export function infillMarks({ tokens: { infill } }: LlamaModel): InfillMarks | null {
  const { prefix, suffix, middle } = infill;
  return prefix === null || suffix === null || middle === null ? null : { prefix, suffix, middle };
}

/**
 * With `shift` what lies furthest from the gap is left out where it does not fit: the suffix keeps at least a quarter of the room.
 * @param limit tokens
 * @throws TillerError not-supported, context-full
 */
export function fillGap(
  { before, after, bos }: Gap,
  marks: InfillMarks | null,
  limit: number,
  overflow: NonNullable<ChatParams["overflow"]>,
): { tokens: Int32Array; overflow: Answer["overflow"] } {
  if (marks === null)
    throw new TillerError("not-supported", "suffix: this model has no tokens for filling a gap", {
      field: "suffix",
      suggestion: "Use a model for code that was trained for it, or leave out the suffix.",
    });
  const start = bos === null ? [] : [bos];
  const room = limit - start.length - 3;
  const whole = before.length + after.length;
  if (whole > room && overflow === "refuse")
    throw new TillerError("context-full", `the prompt has ${whole + limit - room} tokens, the context has room for ${limit}`, {
      field: "prompt",
    });
  const keptAfter = Math.min(after.length, Math.max(Math.floor(room / 4), room - before.length));
  const keptBefore = Math.min(before.length, room - keptAfter);
  const dropped = whole - keptBefore - keptAfter;
  const tokens = Int32Array.from([
    ...start,
    marks.prefix,
    ...before.subarray(before.length - keptBefore),
    marks.suffix,
    ...after.subarray(0, keptAfter),
    marks.middle,
  ]);
  return { tokens, overflow: dropped === 0 ? null : { droppedTurns: 0, droppedTokens: dropped } };
}
