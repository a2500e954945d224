/** Answers to a prompt whose positions are shifted, and the search that finds such shifts. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { suffixes } from "../../daemon/methods/self-control/guidelines.ts";
import { scoreOf } from "../../daemon/methods/self-control/score.ts";
import { search } from "../../daemon/methods/self-control/search.ts";
import { randomLike } from "../../daemon/methods/self-control/step.ts";
import type { PlacedRows } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { noise } from "../support/native.ts";
import { REPOSITORY } from "../support/shared.ts";

const PRESETS = join(REPOSITORY, "presets");
const MODEL = join(PRESETS, readdirSync(PRESETS).find((name) => name.endsWith(".gguf"))!);
const TURNS = [{ role: "user" as const, content: "Tell me about the bridge." }];
const GREEDY = { temperature: 0, maxTokens: 24 };
const NO_GRADIENT = {
  ...{ messages: null, prompt: null, tokens: null, head: null, embeddings: null },
  ...{ answers: [], states: [], shifts: [], wants: [] },
};

describe("engine: answers under a control of the prompt's positions", () => {
  let engine: EngineUnderTest;
  let count = 0;
  const lab = {
    gradient: (changes: object) => engine.request("gradient", { id: `g${++count}`, ...NO_GRADIENT, ...changes }),
    tap: (request: object) => engine.request("tap", { client: "t", ...request } as never),
    controlled: (request: object) => engine.request("controlled", { id: `c${++count}`, ...request } as never),
  };
  before(async () => {
    engine = await EngineUnderTest.load(MODEL, { kvType: "f16" });
  });
  after(() => engine.stop());

  const shiftOf = (rows: number, size: number): PlacedRows => {
    const { width } = engine.model!.facts;
    return { site: "resid", layer: 2, from: 1, rows, values: noise(rows * width, 4).map((value) => value * size) };
  };

  it("acts at the positions that it names, as the gradient's own pass has it", async () => {
    const one = { seed: 1, first: [] };
    const zero = { ...one, shifts: [shiftOf(5, 0)] };
    const strong = shiftOf(5, 60);
    const result = await engine.request("controlled", {
      id: "c",
      messages: TURNS,
      variants: [{ ...one, shifts: [] }, zero, { ...one, shifts: [strong] }, zero, { ...one, shifts: [] }],
      sampling: GREEDY,
    });
    const [plain, same, shifted, again, later] = result.answers.map(({ text }) => text);
    assert.ok(plain!.length > 0);
    assert.deepEqual([same, again, later], [plain, plain, plain]);
    assert.notEqual(shifted, plain);
    // the first token of each answer is likelier than the other's under its own control
    const [first, other] = [result.answers[0]!.tokens.slice(0, 1), result.answers[2]!.tokens.slice(0, 1)];
    const asked = (shifts: PlacedRows[]) =>
      lab.gradient({ messages: TURNS, shifts, answers: [first, other].map((tokens) => ({ text: null, tokens, weight: 1 })) });
    const [under, without] = [await asked([strong]), await asked([])];
    assert.ok(without.answers[0]!.logprob >= without.answers[1]!.logprob - 0.05);
    assert.ok(under.answers[1]!.logprob >= under.answers[0]!.logprob - 0.05);
    await assert.rejects(
      engine.request("controlled", { id: "d", messages: TURNS, variants: [{ ...one, shifts: [shiftOf(500, 1)] }], sampling: GREEDY }),
      /not among the prompt/,
    );
  });

  it("finds a control that raises the model's own score, and a random one of its size", async () => {
    const { searched } = suffixes("is about the weather");
    const layers = Array.from({ length: engine.model!.facts.layers - 1 }, (_, layer) => layer);
    const settings = { iterations: 2, step: 0.1, tries: 3, threshold: 0, branches: 1, topK: 0, bound: 0, layers, maxTokens: 24 };
    let raised = 0;
    for (const content of ["Tell me about the bridge.", "What did you do today?", "I lost my keys."]) {
      const prompt = [{ role: "user" as const, content }];
      const found = await search(prompt, searched, settings, lab as never);
      assert.ok(found.after >= found.before);
      assert.ok(Math.abs((await scoreOf(prompt, found.answer, searched, lab as never)) - found.after) < 1e-6);
      if (found.control.length === 0) continue;
      raised++;
      const random = randomLike(found.control, 3);
      const norm = (places: readonly PlacedRows[]) => Math.hypot(...places.map(({ values }) => Math.hypot(...values)));
      assert.ok(Math.abs(norm(random) / norm(found.control) - 1) < 1e-3);
    }
    assert.ok(raised > 0, "no prompt's answer was raised");
  });
});
