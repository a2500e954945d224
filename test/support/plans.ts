/** Steering plans written by hand, for tests that need no compiler. */
import { createHash } from "node:crypto";
import type { EngineGenerate } from "../../daemon/protocol/engine-api.ts";
import { type LoweredEdits, PLAIN_FINGERPRINT, type SteeringPlan } from "../../daemon/protocol/plan.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";

export const PLAIN_EDITS: LoweredEdits = { element: [], columns: [], fingerprint: PLAIN_FINGERPRINT };

export function shiftEdits(site: SiteName, layer: number, shift: ArrayLike<number>): LoweredEdits {
  const values = Float32Array.from(shift);
  const fingerprint = createHash("sha256").update(`${site} ${layer} ${values.join()}`).digest("hex");
  return { element: [{ site, layer, indices: null, scale: null, shift: values }], columns: [], fingerprint };
}

/** Prompt and answer under the same edits, or each under its own. */
export function planOf(answer: LoweredEdits, prompt: LoweredEdits = answer, name = "test"): SteeringPlan {
  const element = [...prompt.element, ...answer.element].map(({ site, layer, scale, shift }) => ({
    site,
    layer,
    scale: scale !== null,
    shift: shift !== null,
  }));
  const columns = [...prompt.columns, ...answer.columns];
  return {
    prompt: { variants: [prompt] },
    answer: { variants: [answer] },
    gates: [],
    reserve: { element, columns },
    report: { steered: true, summary: `steered: ${name}`, controls: [] },
  };
}

let names = 0;

/** A greedy request of 8 tokens, changed as told. */
export function requestOf(changes: Partial<EngineGenerate> = {}): EngineGenerate {
  return {
    ...{ id: `test:${++names}`, messages: null, prompt: null, tokens: null, suffix: null, forced: null, logits: false },
    ...{ sampling: { temperature: 0, maxTokens: 8 }, stop: [], grammar: null, jsonSchema: null, logitBias: {} },
    ...{ topLogprobs: 0, probes: [], overflow: "refuse" as const, plan: null },
    ...changes,
  };
}
