/** The strength that is chosen, and what a circuit's random control keeps. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Answered } from "../../../daemon/methods/emotion-circuits/arms.ts";
import { chooseStrength } from "../../../daemon/methods/emotion-circuits/choose.ts";

function answers(arm: Answered["arm"], strength: number, right: number, bits: number, emotion: number | null = 2): Answered[] {
  return Array.from({ length: 10 }, (_, group) => ({
    ...{ arm, strength, emotion, group, text: "", distinct2: null, bits, bytes: 10 },
    label: group < right ? "joy" : "none",
  }));
}

describe("methods: the strength of an emotion circuit", () => {
  const plain = answers("plain", 0, 0, 20, null);

  it("is the most accurate one within the bound, the smaller of equals", () => {
    const all = [...plain, ...answers("circuit", 1, 8, 22), ...answers("circuit", 0.5, 8, 21), ...answers("circuit", 2, 10, 40)];
    assert.deepEqual(chooseStrength(all, "circuit", 2, 1.15), {
      ...{ arm: "circuit", emotion: 2, strength: 0.5, accuracy: 0.8, within: true },
      damage: 21 / 20,
    });
    assert.equal(chooseStrength(all, "circuit", 2, 3).strength, 2);
  });

  it("is the gentlest where none is within it, and says so", () => {
    const choice = chooseStrength([...plain, ...answers("residual", 4, 9, 60), ...answers("residual", 1, 1, 30)], "residual", 2, 1.15);
    assert.deepEqual([choice.strength, choice.within], [1, false]);
  });
});
