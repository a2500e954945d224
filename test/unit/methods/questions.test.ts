import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { candidatesOf } from "../../../daemon/methods/directions/choose/candidates.ts";
import { bestOf, type Point, strongest } from "../../../daemon/methods/directions/choose/points.ts";
import { dataChecks } from "../../../daemon/methods/directions/data-report.ts";
import { figuresAt, rankLayers } from "../../../daemon/methods/directions/layer-figures.ts";
import { FEWEST_HELD_OUT, splitByQuestion } from "../../../daemon/methods/directions/questions.ts";
import { ESTIMATORS } from "../../../daemon/methods/shared/estimators.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";

const chat = (question: number, answer: string) => [
  { role: "user" as const, content: `Question ${question}?` },
  { role: "assistant" as const, content: answer },
];
/** `each` pairs on every question */
const pairsOf = (questions: number, each: number) =>
  Array.from({ length: questions * each }, (_, i) => ({
    positive: chat(i % questions, `yes ${i}`),
    negative: chat(i % questions, `no ${i}`),
  }));

describe("pairs by question", () => {
  it("stand on one side of the split, and in one fold, with all of their question", () => {
    const pairs = pairsOf(20, 3);
    const { train, test, folds, questions } = splitByQuestion(pairs, 0.25, 3);
    assert.deepEqual([questions, train.length, test.length], [{ train: 15, heldOut: 5 }, 45, 15]);
    for (const part of [test, ...folds])
      for (const index of part)
        for (const other of [index % 20, (index % 20) + 20, (index % 20) + 40]) assert.ok(part.includes(other), `${index} ${other}`);
    assert.deepEqual(folds.flat().sort(), [...train].sort());
  });

  it("hold out enough to tell where half of the questions are", () => {
    const held = (questions: number, part?: number) => splitByQuestion(pairsOf(questions, 1), part, 1).questions.heldOut;
    assert.deepEqual([held(100), held(40), held(24), held(20), held(2)], [25, FEWEST_HELD_OUT, FEWEST_HELD_OUT, 10, 1]);
    assert.deepEqual([held(40, 0), held(40, 0.5), held(3, 0.5)], [0, 20, 2]);
  });
});

/** Pairs that differ along the first channel at every layer. */
function figures(layers: number, pairs = pairsOf(30, 1)) {
  const next = generator(1);
  const split = splitByQuestion(pairs, undefined, 1);
  const row = (side: number): Float32Array => Float32Array.from({ length: 32 }, (_, i) => next() - 0.5 + (i === 0 ? side : 0));
  return {
    split,
    figures: Array.from({ length: layers }, (_, layer) => {
      const [positive, negative] = [pairs.map(() => row(2)), pairs.map(() => row(-2))];
      return figuresAt(layer, { positive: (i) => positive[i]!, negative: (i) => negative[i]! }, split, ESTIMATORS["mean-difference"]);
    }),
  };
}

describe("figures of a layer", () => {
  it("are of pairs that the direction was not found from: of noise they are chance", () => {
    const next = generator(4);
    const pairs = pairsOf(60, 1);
    const split = splitByQuestion(pairs, 0.5, 1);
    const row = (): Float32Array => Float32Array.from({ length: 300 }, () => next() - 0.5);
    const [positive, negative] = [pairs.map(row), pairs.map(row)];
    const { chosenBy, heldOut, halves, found } = figuresAt(
      0,
      { positive: (i) => positive[i]!, negative: (i) => negative[i]! },
      split,
      ESTIMATORS["mean-difference"],
    );
    assert.ok(found.gap > 0);
    assert.ok(Math.abs(chosenBy.auroc - 0.5) < 0.25 && Math.abs(heldOut!.auroc - 0.5) < 0.25, `${chosenBy.auroc} ${heldOut!.auroc}`);
    assert.ok(Math.abs(halves!) < 0.35, `${halves}`);
  });

  it("of layers that separate alike choose the middle of the model, not chance", () => {
    const ranked = rankLayers(figures(11).figures, 11).map(({ layer }) => layer);
    assert.deepEqual(ranked.slice(0, 2).sort(), [5, 6]);
  });
});

describe("what is said of the data", () => {
  const texts = (own: number, ending: string, sinks = 0) => ({ own, ending, sinks });
  const data = (more: { positive?: ReturnType<typeof texts>; negative?: ReturnType<typeof texts>; pairs?: ReturnType<typeof pairsOf> }) => {
    const pairs = more.pairs ?? pairsOf(30, 1);
    const { split, figures: all } = figures(3, pairs);
    const side = (one = texts(10, ".")) => pairs.map((_, i) => ({ ...one, own: one.own + (i % 3) }));
    return dataChecks({
      pairs: pairs.length,
      split,
      texts: [...side(more.positive), ...side(more.negative)],
      norms: [1, 1, 1],
      figures: all.map((one) => ({ ...one, topShare: 0.2 })),
      layers: [1],
      width: 32,
      sinkPairs: 0,
    });
  };
  const warned = (more: Parameters<typeof data>[0]): string[] =>
    data(more).flatMap(({ check, warning }) => (warning === null ? [] : check));

  it("warns of nothing where only the property differs, but of the words that tell it", () => {
    assert.deepEqual(warned({}), ["separation at layer 0, where only words are known"]);
  });

  it("warns of lengths, of endings, of short texts, and of too few questions", () => {
    assert.ok(warned({ positive: texts(30, ".") }).includes("lengths of the two sides"));
    assert.ok(warned({ positive: texts(10, "!") }).includes("what the last token alone tells"));
    const ending = data({ positive: texts(10, "!") }).find(({ check }) => check === "what the last token alone tells")!;
    assert.match(ending.warning!, /they end in “!” and “\.”/);
    assert.ok(warned({ positive: texts(1, "."), negative: texts(1, ".") }).includes("what was read"));
    assert.match(data({ pairs: pairsOf(10, 2) })[0]!.warning!, /Too few to tell: 5 held-out questions/);
  });
});

describe("choosing by effect", () => {
  const point = (strength: number, effect: number, damage: number): Point => ({ strength, effect, damage, error: 0, own: 0 });
  const candidate = { id: "layer 3", layers: [3] };

  it("tries single layers over the whole depth and some together", () => {
    const all = candidatesOf(Array.from({ length: 30 }, (_, layer) => layer));
    assert.ok(all.length >= 10 && all.length <= 12);
    assert.ok(all.some(({ layers }) => layers.length === 6) && all.some(({ layers }) => layers[0]! >= 12 && layers[0]! <= 17));
    assert.deepEqual(
      candidatesOf([4]).map(({ layers }) => layers),
      [[4]],
    );
    assert.equal(new Set(candidatesOf([0, 1, 2]).map(({ id }) => id)).size, candidatesOf([0, 1, 2]).length);
  });

  it("finds the strongest strength under the bound on a line between those that were tried", () => {
    const curve = { candidate, points: [point(-2, -1, 0.5), point(-1, -0.5, 0.1), point(1, 0.5, 0.05), point(2, 1, 0.45)] };
    const near = (a: { strength: number; effect: number }, strength: number, effect: number) =>
      assert.ok(Math.abs(a.strength - strength) < 1e-9 && Math.abs(a.effect - effect) < 1e-9, JSON.stringify(a));
    near(strongest(curve, 1), 1.5, 0.75);
    near(strongest(curve, -1), -1.375, -0.6875);
    near(strongest({ candidate, points: [point(1, 1, 0.5)] }, 1), 0.5, 0.5);
    assert.equal(strongest({ candidate, points: [point(1, 1, 0.1)] }, 1).strength, 1);
    // where more strength moves less, less is taken
    assert.equal(bestOf({ candidate, points: [point(1, 2, 0.01), point(2, 1, 0.02)] }).strength, 1);
  });
});
