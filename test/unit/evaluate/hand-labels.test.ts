import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withLabels } from "../../../daemon/evaluate/receipts/hand-labelled.ts";
import { agreement, correctedEffect, type LabelledPair } from "../../../daemon/evaluate/receipts/hand-labels.ts";
import { studentEstimate } from "../../../daemon/evaluate/receipts/statistics.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { ReceiptSchema } from "../../../daemon/protocol/receipt.ts";
import { humanLine } from "../../../daemon/protocol/receipt-lines.ts";
import { GOOD, receiptOf } from "../../support/receipt.ts";

const pair = (plain: number, steered: number, judgedPlain = plain, judgedSteered = steered): LabelledPair => ({
  plain: { hand: plain, judged: judgedPlain },
  steered: { hand: steered, judged: judgedSteered },
});

interface World {
  readonly name: string;
  /** of the judge: how often it is right where the property is shown, and where it is not */
  readonly right: readonly [shown: number, not: number];
  readonly plain: number;
  readonly effect: number;
  readonly pairs: number;
}

/** How often the corrected interval, and the judge's own, hold what a person would find in all answers. */
function coverage({ right, plain, effect, pairs }: World): { corrected: number; judge: number } {
  const experiments = 1500;
  let [corrected, own] = [0, 0];
  for (let i = 0; i < experiments; i++) {
    const next = generator(9973 * i + 5);
    const judge = (shown: number): number => (next() < (shown === 1 ? right[0] : 1 - right[1]) ? 1 : 0);
    const answers = (): [plain: number, steered: number] => {
      const base = plain + 0.1 * (2 * next() - 1);
      return [next() < base ? 1 : 0, next() < base + effect ? 1 : 0];
    };
    const prompts = Array.from({ length: 40 }, () => {
      let sum = 0;
      for (let seed = 0; seed < 5; seed++) {
        const [a, b] = answers();
        sum += judge(b) - judge(a);
      }
      return sum / 5;
    });
    const judged = studentEstimate(prompts);
    const labelled = Array.from({ length: pairs }, () => {
      const [a, b] = answers();
      return pair(a, b, judge(a), judge(b));
    });
    const better = correctedEffect(judged, 40, 0.025, labelled);
    if (judged.low <= effect && judged.high >= effect) own++;
    if (better.low <= effect && better.high >= effect) corrected++;
  }
  return { corrected: corrected / experiments, judge: own / experiments };
}

describe("evaluate: labels by hand", () => {
  it("count how often person and judge agree, and move the effect by what the judge is wrong by", () => {
    const pairs = [pair(0, 1), pair(0, 0, 0, 1), pair(1, 1), pair(0, 1, 0, 1)];
    assert.equal(agreement(pairs), 7 / 8);
    const { value, low, high } = correctedEffect({ value: 0.5, low: 0.4, high: 0.6 }, 40, 0.025, pairs);
    // one of four pairs is wrong by −1; two pairs that are wrong once each way stand beside them
    assert.ok(Math.abs(value - (0.5 - 1 / 6)) < 1e-12);
    assert.ok(low < 0.4 && high > value);
  });

  const worlds: World[] = [
    { name: "a fair judge", right: [0.8, 0.85], plain: 0.25, effect: 0.3, pairs: 10 },
    { name: "a good judge", right: [0.95, 0.95], plain: 0.25, effect: 0.3, pairs: 10 },
    { name: "a judge that sees it too often", right: [0.9, 0.6], plain: 0.25, effect: 0.2, pairs: 10 },
    { name: "a strong effect that the judge sees two thirds of", right: [0.7, 0.9], plain: 0.25, effect: 0.5, pairs: 10 },
    { name: "twice as many labels", right: [0.8, 0.85], plain: 0.25, effect: 0.3, pairs: 20 },
  ];
  for (const world of worlds)
    it(`hold the truth in at least 93 % of experiments where the judge alone need not: ${world.name}`, () => {
      const { corrected, judge } = coverage(world);
      assert.ok(corrected >= 0.93 - 0.005, `${corrected}, the judge alone ${judge}`);
      assert.ok(corrected > judge, `${corrected}, the judge alone ${judge}`);
    });

  it("are kept in the receipt, whose hash says so", () => {
    const receipt = receiptOf(GOOD);
    const labelled = ReceiptSchema.parse(
      withLabels(
        receipt,
        Array.from({ length: 10 }, () => pair(0, 1)),
      ),
    );
    assert.notEqual(labelled.hash, receipt.hash);
    assert.deepEqual([labelled.human!.answers, labelled.human!.agreement], [20, 1]);
    assert.match(humanLine(labelled), /^20 answers labelled by hand, blind: person and judge agree in 100 %; .* \+0\.40 \[/);
    assert.match(humanLine(receipt), /tiller label direction\/joy/);
  });
});
