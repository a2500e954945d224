/**
 * How often a quick verdict is wrong, simulated through the code that reaches it: answers of a yes-or-no judge to 60 prompts that differ,
 * in up to three looks. Seeded.
 */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type Cell, drawnCells } from "../../../daemon/evaluate/receipts/arms.ts";
import { LOOKS, QUICK_DRAWS, QUICK_ENOUGH, quickCells, TAILS } from "../../../daemon/evaluate/receipts/quick-design.ts";
import { makeReceipt } from "../../../daemon/evaluate/receipts/receipt.ts";
import type { ArmResult } from "../../../daemon/evaluate/receipts/run-arm.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { EvaluationSpecSchema } from "../../../daemon/protocol/evaluation.ts";
import type { Receipt } from "../../../daemon/protocol/receipt.ts";
import { ABOUT, SPEC } from "../../support/receipt.ts";

const EXPERIMENTS = 300;
const PROMPTS = 60;
const KINDS = ["everyday", "task", "story", "opinion", "fact", "multi-turn"];
const QUICK = EvaluationSpecSchema.parse({
  ...SPEC,
  strengths: [-1, 1],
  seeds: LOOKS,
  prompts: Array.from({ length: PROMPTS }, (_, p) => ({ language: "en", text: `prompt ${p}`, kind: KINDS[p % KINDS.length] })),
});

interface World {
  readonly name: string;
  /** share of plain answers that show the property, and how far prompts lie from it at most */
  readonly plain: number;
  readonly spread: number;
  /** what the control adds; null: it is one more random direction */
  readonly effect: number | null;
  /** what random directions add: mean and standard deviation */
  readonly random: readonly [mean: number, deviation: number];
}

/** Plain and steered answers of one seed often begin alike: so many of them are decided by the same draw (some 0.23 in the shipped receipts). */
const ALIKE = 0.2;

function verdict(seed: number, { plain, spread, effect, random }: World): Receipt {
  const uniform = generator(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const draws = Array.from({ length: QUICK_DRAWS }, () => random[0] + random[1] * normal());
  const own = effect ?? random[0] + random[1] * normal();
  const prompts = Array.from({ length: PROMPTS }, () => ({ base: plain + spread * (2 * uniform() - 1), takes: 0.5 + uniform() }));
  const cells = quickCells(QUICK, seed);
  const shared = cells.map(() => uniform());
  const answer = (cell: number, share: number): number => ((uniform() < ALIKE ? shared[cell]! : uniform()) < share ? 1 : 0);
  const score = (added: (cell: Cell) => number): number[] =>
    cells.map((cell, index) => answer(index, prompts[cell.prompt]!.base + added(cell) * prompts[cell.prompt]!.takes));
  const arm = (scores: number[]): ArmResult => ({
    scores,
    textBitsPerByte: 1,
    damage: { choices: 1, fluency: 1, distinct1: 1, distinct2: 1, repetition: 0, words: 9 },
    others: {},
  });
  const all = {
    plain: score(() => 0),
    prompt: score(() => 0.5),
    "steered 1": score(() => own),
    "steered -1": score(() => -own),
    "random 1": drawnCells(cells).map((cell, index) => answer(Math.floor(index / 2), prompts[cell.prompt]!.base + draws[cell.draws[0]!]!)),
  };
  let receipt: Receipt | null = null;
  for (let look = 1; look <= LOOKS && (receipt === null || receipt.verdict === "too few answers"); look++) {
    const upTo = (scores: number[], looks: number): ArmResult => arm(scores.slice(0, (scores.length / LOOKS) * looks));
    const arms = new Map(
      Object.entries(all).map(([key, scores]) => [key, upTo(scores, key === "prompt" || key === "steered -1" ? 1 : look)]),
    );
    arms.set("steered 0", arms.get("plain")!);
    receipt = makeReceipt({
      spec: QUICK,
      cells: cells.slice(0, look * PROMPTS),
      seeds: look,
      seed: 7,
      arms,
      calibration: null,
      others: [],
      look: { enough: QUICK_ENOUGH, tail: TAILS[look - 1]! },
      quick: { look, looks: LOOKS },
      about: ABOUT,
    });
  }
  return receipt!;
}

function rates(world: World): Record<Receipt["verdict"], number> & { looks: number } {
  const found = { works: 0, "does less": 0, "too few answers": 0, "no usable strength": 0, looks: 0 };
  for (let i = 0; i < EXPERIMENTS; i++) {
    const receipt = verdict(104_729 * i + 17, world);
    found[receipt.verdict] += 1 / EXPERIMENTS;
    found.looks += receipt.quick!.look / EXPERIMENTS;
  }
  return found;
}

describe("evaluate: a quick verdict", function () {
  this.timeout(600_000);
  const usual = { plain: 0.25, spread: 0.15 };

  const nulls: World[] = [
    { ...usual, name: "nothing", effect: 0, random: [0, 0] },
    { ...usual, name: "one more random direction", effect: null, random: [0, 0.05] },
    { ...usual, name: "nothing, where random directions lower the score", plain: 0.3, effect: 0, random: [-0.1, 0.03] },
    { ...usual, name: "no more than random directions, which raise the score", effect: 0.1, random: [0.1, 0.03] },
  ];
  for (const world of nulls)
    it(`says 'works' in at most 5 % of what does ${world.name}`, () => {
      const { works } = rates(world);
      // two standard errors of a simulation of this size
      assert.ok(works <= 0.05 + 2 * Math.sqrt((0.05 * 0.95) / EXPERIMENTS), `${works}`);
    });

  it("says 'works' in at least 80 % of effects of 0.2, and of 0.5 mostly at its first look", () => {
    for (const plain of [0.15, 0.25]) {
      const { works, "does less": less } = rates({ ...usual, name: "", plain, spread: 0.1, effect: 0.2, random: [0, 0.03] });
      assert.ok(works >= 0.8, `plain ${plain}: ${works}`);
      assert.ok(less <= 0.05 + 2 * Math.sqrt((0.05 * 0.95) / EXPERIMENTS), `${less}`);
    }
    const strong = rates({ ...usual, name: "", effect: 0.5, random: [0, 0.03] });
    assert.ok(strong.works >= 0.97 && strong.looks < 1.8, JSON.stringify(strong));
  });

  it("says how little it does at most of what does nothing, mostly", () => {
    const found = rates(nulls[0]!);
    assert.ok(found["does less"] >= 0.7, JSON.stringify(found));
  });

  it("meets all random directions in each look, none twice beside an answer", () => {
    const cells = quickCells(QUICK, 3);
    for (let look = 0; look < LOOKS; look++) {
      const own = cells.slice(look * PROMPTS, (look + 1) * PROMPTS);
      assert.equal(new Set(own.map(({ prompt }) => prompt)).size, PROMPTS);
      for (let draw = 0; draw < QUICK_DRAWS; draw++)
        assert.ok(Math.abs(own.filter(({ draws }) => draws.includes(draw)).length - (2 * PROMPTS) / QUICK_DRAWS) <= 2);
    }
    assert.ok(cells.every(({ draws }) => new Set(draws).size === draws.length));
    assert.equal(new Set(cells.map(({ seed }) => seed)).size, cells.length);
  });
});
