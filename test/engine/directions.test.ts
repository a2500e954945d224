/** Directions found on a real engine, against what single readings of it give. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { FromPairsSchema } from "../../daemon/methods/directions/experiments/pairs-params.ts";
import type { FindLab } from "../../daemon/methods/directions/find-lab.ts";
import { findDirection } from "../../daemon/methods/directions/identify.ts";
import { splitByQuestion } from "../../daemon/methods/directions/questions.ts";
import { cosine } from "../../daemon/methods/shared/separation.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { storiesOrTwin } from "../support/models/twin.ts";

const THINGS = ["dog", "cat", "bird", "tree", "house", "boat", "ball", "park"];
const PAIRS = THINGS.map((thing) => ({ positive: `The ${thing} was happy and played.`, negative: `The ${thing} was sad and cried.` }));
const NEUTRAL = ["There was a box on the table.", "One day they went to the store.", "The sun was in the sky."];

describe("directions on an engine", () => {
  let engine: EngineUnderTest;
  let lab: FindLab;
  before(async () => {
    engine = await EngineUnderTest.load(storiesOrTwin());
    const { facts, sites } = engine.model!;
    let asked = 0;
    const id = () => `job:found${asked++}`;
    lab = {
      model: { id: "m", fingerprint: `sha256:${"0".repeat(64)}`, quantisation: "F32", facts, sites },
      read: (request) => engine.request("collect", { id: id(), ...request }),
      likelihood: (request) => engine.request("likelihood", { id: id(), ...request }),
      study: (request) => engine.request("study", { id: id(), ...request }),
      progress: () => undefined,
      created: "2026-12-01",
      materials: () => ({ texts: NEUTRAL.map((text) => ({ language: "en", text })), choices: [] }),
      questions: () => [],
    };
  });
  after(() => engine?.stop());

  const find = async (more: object) => {
    const params = FromPairsSchema.parse({ id: "direction/x", pairs: PAIRS, ...more });
    const { tensors } = await findDirection(params, lab);
    const { data, shape } = tensors.get("vector")!;
    const train = splitByQuestion(PAIRS, params.heldOut, params.seed).train;
    return { train, at: (layer: number) => data.subarray(layer * shape[1]!, (layer + 1) * shape[1]!) };
  };
  /** mean reading of each text alone */
  const meanOf = async (texts: readonly string[], site: SiteName, layer: number): Promise<Float64Array> => {
    const each = await Promise.all(
      texts.map((text, i) =>
        engine.request("collect", {
          id: `alone:${site}:${layer}:${i}:${text}`,
          texts: [text],
          render: "raw",
          site,
          layers: [layer],
          readAt: "mean",
        }),
      ),
    );
    return Float64Array.from({ length: each[0]!.width }, (_, i) => each.reduce((sum, { data }) => sum + data[i]! / each.length, 0));
  };
  const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);
  const side = (which: "positive" | "negative", pairs: readonly number[]): string[] => pairs.map((index) => PAIRS[index]![which]);

  it("mean-difference is that of the training pairs' own readings", async () => {
    const { train, at } = await find({});
    for (const layer of [0, 2, 4]) {
      const expected = minus(await meanOf(side("positive", train), "resid", layer), await meanOf(side("negative", train), "resid", layer));
      assert.ok(cosine(at(layer), expected) > 0.9999, `${layer}: ${cosine(at(layer), expected)}`);
      assert.ok(Math.abs(Math.hypot(...at(layer)) / Math.hypot(...expected) - 1) < 1e-3);
    }
  });

  it("mean-centring goes from neutral text to the texts with the property", async () => {
    const { train, at } = await find({ method: "mean-centring" });
    const expected = minus(await meanOf(side("positive", train), "resid", 3), await meanOf(NEUTRAL, "resid", 3));
    assert.ok(Math.abs(cosine(at(3), expected)) > 0.9999, String(cosine(at(3), expected)));
  });

  it("reads the last layer behind the final norm where that is asked for, and the others as ever", async () => {
    const [plain, normed] = [await find({}), await find({ finalNorm: true })];
    assert.deepEqual([...plain.at(3)], [...normed.at(3)]);
    const expected = minus(
      await meanOf(side("positive", plain.train), "final", 0),
      await meanOf(side("negative", plain.train), "final", 0),
    );
    assert.ok(cosine(normed.at(4), expected) > 0.9999);
    assert.ok(cosine(plain.at(4), expected) < 0.9999);
  });

  it("learns from all pairs where nothing is to be held out, and says so", async () => {
    const { train } = await find({ heldOut: 0 });
    assert.equal(train.length, PAIRS.length);
    const { meta, report } = await findDirection(FromPairsSchema.parse({ id: "direction/x", pairs: PAIRS, heldOut: 0 }), lab);
    assert.deepEqual((meta.body as { quality: unknown[] }).quality, []);
    assert.ok(report.some((block) => block.type === "prose" && /Nothing was held out/.test(block.text)));
  });
});
