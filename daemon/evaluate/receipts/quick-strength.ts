/** The strength that a quick verdict is about, where none is named: by what it does to held-out text, which is read and not written. */
import type { Bounds } from "../../protocol/evaluation.ts";
import type { Materials } from "./materials.ts";
import { planAt, type Sweep } from "./plans.ts";
import { bitsPerByte } from "./run-arm.ts";
import type { Study } from "./study-parts.ts";

/** An artifact's own unit, and parts of it, each some 0.7 of the one before. */
const TRIED = [1, 0.7, 0.5, 0.35, 0.25, 0.18] as const;

/** @returns the largest whose damage is within the bound, or the smallest of all */
export async function proposeStrength(sweep: Sweep, texts: Materials["texts"], bounds: Bounds, study: Study): Promise<number> {
  const plans = [null, ...TRIED.map((strength) => planAt(sweep, strength))];
  const read = plans.flatMap((_, plan) => texts.map(({ text }) => ({ plan, messages: null, text, tokens: null })));
  const { texts: scored } = await study({ plans, sampling: {}, answers: [], texts: read }, () => undefined);
  const [plain, ...steered] = plans.map((_, plan) => bitsPerByte(scored.slice(plan * texts.length, (plan + 1) * texts.length), texts));
  const at = steered.findIndex((bits) => bits - plain! <= bounds.bitsPerByte);
  return TRIED[at === -1 ? TRIED.length - 1 : at]!;
}
