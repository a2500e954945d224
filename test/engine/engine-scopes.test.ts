/** Where a scope acts, by what is written: the scope `writing` against the same tokens read as an answer. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { planOfOps } from "../../daemon/compiler/ops-plan.ts";
import type { CompileModel } from "../../daemon/compiler/types.ts";
import { normal } from "../../daemon/methods/shared/random.ts";
import type { SteeringPlan } from "../../daemon/protocol/plan.ts";
import type { Scope } from "../../daemon/protocol/preset.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";

describe("engine: scopes", () => {
  let engine: EngineUnderTest;
  let tokens: number[];
  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin());
    tokens = (await engine.request("tokenize", { content: "One day the little dog ran to the", addSpecial: true, parseSpecial: false }))
      .tokens;
  });
  after(() => engine?.stop());

  const planOf = (scope: Scope): SteeringPlan => {
    const { facts, sites } = engine.model!;
    const model: CompileModel = { id: "m", fingerprint: `sha256:${"0".repeat(64)}`, quantisation: "F32", facts, sites };
    const width = sites.find(({ site, layer }) => site === "mlp.mid" && layer === 1)!.width;
    const values = Float32Array.from({ length: width }, normal(3));
    const base = { kind: "element", mode: "add", site: "mlp.mid", layer: 1, control: "c", scope, indices: null, values } as const;
    return planOfOps([{ ...base, amount: 1 }], model);
  };
  let asked = 0;
  /** logits before each of three forced tokens that follow `prompt` */
  const logits = async (prompt: readonly number[], scope: Scope, forced: readonly number[]): Promise<Float32Array[]> => {
    const answer = await engine.generate({
      id: `s:${asked++}`,
      tokens: [...prompt],
      forced: [...forced],
      logits: true,
      plan: planOf(scope),
    });
    return answer.tokens.map((token) => Float32Array.from(token.logits!));
  };
  const distance = (a: Float32Array, b: Float32Array): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

  it("`writing` is the answer's, begun at the prompt's last token", async () => {
    const next = [tokens[2]!, tokens[3]!];
    const written = await logits(tokens, "writing", next);
    const answered = await logits(tokens.slice(0, -1), "answer", [tokens.at(-1)!, ...next]);
    written.forEach((row, i) => {
      assert.ok(distance(row, answered[i + 1]!) < 1e-3, `token ${i}: ${distance(row, answered[i + 1]!)}`);
    });
    // neither of those that it lies between
    for (const scope of ["answer", "all"] as const) assert.ok(distance(written[0]!, (await logits(tokens, scope, next))[0]!) > 1e-2, scope);
  });
});
