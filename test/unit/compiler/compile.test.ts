import assert from "node:assert/strict";
import fc from "fast-check";
import { PLAIN_FINGERPRINT } from "../../../daemon/engine/steering/lowered.ts";
import { MODES } from "../../../daemon/methods/directions/settings.ts";
import { compileSteering } from "../../../daemon/methods/index.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";
import { rowsOfPlan, testArtifact, testInput, WIDTH } from "../../support/compile.ts";

const joy = (more: object = {}) => ({ use: "direction/joy", ...more });

function refusal(run: () => unknown): TillerError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof TillerError, String(error));
    return error;
  }
  assert.fail("it was not refused");
}

describe("compiler", () => {
  it("gives no ops at strength 0, in any mode and with a hold", () => {
    for (const mode of Object.keys(MODES)) {
      const plan = compileSteering(
        testInput({
          controls: { joy: joy({ with: { mode }, strength: 0 }) },
          hold: { joy: { probe: "direction/joy", at: 1, by: "floor" } },
        }),
      );
      assert.equal(rowsOfPlan(plan).prompt.variants[0]!.fingerprint, PLAIN_FINGERPRINT);
      assert.equal(rowsOfPlan(plan).answer.variants[0]!.fingerprint, PLAIN_FINGERPRINT);
      assert.equal(plan.report.steered, false);
      assert.match(plan.report.summary, /NOT steered: every control is at 0/);
    }
  });

  it("a control and its negative cancel exactly", () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(0.01), max: 100, noNaN: true }),
        fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: WIDTH, maxLength: WIDTH }),
        (strength, vector) => {
          fc.pre(vector.some((value) => Math.abs(value) > 1e-3));
          const artifacts = [testArtifact("direction/joy", 0, { vector })];
          const plan = compileSteering(
            testInput({ controls: { up: joy({ strength }), down: joy({ strength: -strength }) } }, {}, artifacts),
          );
          assert.equal(rowsOfPlan(plan).answer.variants[0]!.fingerprint, PLAIN_FINGERPRINT);
        },
      ),
    );
  });

  it("is pure: equal inputs give equal plans, and inputs are not changed", () => {
    const input = testInput({
      controls: { joy: joy({ strength: 0.5 }), calm: { use: "direction/calm", strength: 1, with: { mode: "ablate" } } },
    });
    const before = structuredClone(input.rack);
    assert.deepEqual(compileSteering(input), compileSteering(input));
    assert.deepEqual(input.rack, before);
  });

  it("adds strength × vector at the artifact's layers, or at the preset's", () => {
    const plan = compileSteering(
      testInput({ controls: { joy: joy({ strength: 0.5 }), calm: { use: "direction/calm", strength: 3, with: { layers: "2-3" } } } }),
    );
    const edits = rowsOfPlan(plan).answer.variants[0]!.element;
    assert.deepEqual(edits.map((edit) => edit.layer).sort(), [1, 2, 3]);
    const dense = (layer: number): number[] => {
      const edit = edits.find((candidate) => candidate.layer === layer)!;
      const out = new Array<number>(WIDTH).fill(0);
      edit.shift!.forEach((value, i) => {
        out[edit.indices === null ? i : edit.indices[i]!] = value;
      });
      return out;
    };
    assert.deepEqual(dense(1), [1, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(dense(2), [1, 6, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(dense(3), [0, 6, 0, 0, 0, 0, 0, 0]);
    assert.equal(plan.report.summary, "steered: joy 0.5 at layers 1–2; calm 3 at layers 2–3");
  });

  it("keeps prompt and answer apart by scope", () => {
    const plan = compileSteering(testInput({ controls: { joy: joy({ strength: 1 }) }, scope: { joy: "answer" } }));
    assert.equal(rowsOfPlan(plan).prompt.variants[0]!.fingerprint, PLAIN_FINGERPRINT);
    assert.notEqual(rowsOfPlan(plan).answer.variants[0]!.fingerprint, PLAIN_FINGERPRINT);
  });

  it("reserves every place of a rack, so that strengths change no topology", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.constantFrom(...Object.keys(MODES)),
        (a, b, mode) => {
          const rack = { controls: { joy: joy({ range: [-2, 2] }), calm: { use: "direction/calm", with: { mode }, range: [-2, 2] } } };
          const shape = (set: Record<string, number>) => {
            return compileSteering(testInput(rack, set)).topology;
          };
          assert.deepEqual(shape({ joy: a, calm: b }), shape({}));
        },
      ),
    );
  });

  it("writes held directions along the dual basis, so each lands on its own target", () => {
    const artifacts = [
      testArtifact("direction/joy", 0, { vector: [2, 0, 0, 0, 0, 0, 0, 0] }),
      testArtifact("direction/calm", 1, { vector: [1, 1, 0, 0, 0, 0, 0, 0] }),
    ];
    const plan = compileSteering(
      testInput(
        {
          controls: {
            joy: joy({ with: { mode: "set" }, strength: 1 }),
            calm: { use: "direction/calm", with: { mode: "set" }, strength: -1 },
          },
        },
        {},
        artifacts,
      ),
    );
    const columns = rowsOfPlan(plan).answer.variants[0]!.columns.filter((column) => column.layer === 1);
    assert.equal(columns.length, 2);
    const x = Array.from({ length: WIDTH }, (_, i) => i * 0.3 - 1);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    const y = [...x];
    for (const column of columns) {
      const k = column.add + column.gain * dot(column.v, x);
      column.u.forEach((value, i) => {
        y[i]! += value * k;
      });
    }
    // set at ±1 is a class mean: mid ± gap/2, gap = ‖vector‖
    assert.ok(Math.abs(dot(columns[0]!.v, y) - 1) < 1e-6);
    assert.ok(Math.abs(dot(columns[1]!.v, y) + Math.SQRT2 / 2) < 1e-6);
  });

  it("lets only the last gate variant steer", () => {
    const plan = compileSteering(
      testInput({ controls: { joy: joy({ strength: 1 }) }, when: { "probe/calm": "> 0.6", "direction/joy": "<= -1" } }),
    );
    assert.deepEqual(
      rowsOfPlan(plan).answer.variants.map((variant) => variant.fingerprint === PLAIN_FINGERPRINT),
      [true, true, true, false],
    );
    assert.match(plan.report.summary, /while probe\/calm > 0.6 and direction\/joy <= -1/);
  });

  it("refuses by name what no method of this version can do", () => {
    const error = refusal(() => compileSteering(testInput({ controls: { x: { use: "scorer/politeness", strength: 1 } } })));
    assert.equal(error.code, "not-supported");
    assert.match(error.message, /^controls\.x\.use: 'scorer\/politeness': no method is called 'scorer'; there is direction\/…/);
    const decoding = refusal(() => compileSteering(testInput({ controls: {}, decoding: { kl: true } })));
    assert.equal(decoding.code, "not-supported");
    assert.match(decoding.message, /a rule of decoding acts on answers only/);
  });

  it("names the control and the field of every mistake", () => {
    const cases: [unknown, Record<string, number>, string, RegExp][] = [
      [{ controls: { joy: joy() } }, { jojo: 1 }, "unknown-control", /jojo.*joy/],
      [{ controls: { joy: joy({ range: [0, 2] }) } }, { joy: 3 }, "out-of-range", /3 is outside 0 to 2/],
      [{ controls: { joy: joy() } }, { joy: Number.NaN }, "out-of-range", /not a number/],
      [{ controls: { joy: joy() } }, { joy: Number.POSITIVE_INFINITY }, "out-of-range", /not a number/],
      [{ controls: { joy: { use: "direction/none", strength: 1 } } }, {}, "not-found", /direction\/none/],
      [{ controls: { joy: joy({ with: { layers: [9] }, strength: 1 }) } }, {}, "out-of-range", /layer 9.*layers 0 to 3/],
      [{ controls: { joy: joy({ with: { site: "attn.add" }, strength: 1 }) } }, {}, "not-steerable", /a test reason/],
      [{ controls: { joy: joy({ with: { site: "mlp.mid" }, strength: 1 }) } }, {}, "bad-preset", /do not fit mlp.mid/],
      [{ controls: { joy: joy() }, scope: { sad: "all" } }, {}, "unknown-control", /sad/],
      [
        { controls: { a: joy({ with: { mode: "set" }, strength: 1 }), b: joy({ with: { mode: "scale" }, strength: 1 }) } },
        {},
        "conflict",
        /a and b/,
      ],
    ];
    for (const [rack, set, code, message] of cases) {
      const error = refusal(() => compileSteering(testInput(rack, set)));
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
    }
  });

  it("refuses an artifact of another model", () => {
    const other = testArtifact("direction/joy", 0, { fingerprint: `sha256:${"b".repeat(64)}` });
    const error = refusal(() => compileSteering(testInput({ controls: { joy: joy({ strength: 1 }) } }, {}, [other])));
    assert.equal(error.code, "wrong-model");
    const imported = testArtifact("direction/joy", 0, { fingerprint: null });
    assert.equal(compileSteering(testInput({ controls: { joy: joy({ strength: 1 }) } }, {}, [imported])).report.steered, true);
  });

  it("refuses what was found under other rope factors of the same model", () => {
    const rack = { controls: { joy: joy({ strength: 1 }) } };
    const found = testArtifact("direction/joy", 0, { rope: "short" });
    const input = (rope: "short" | "long" | null) => {
      const made = testInput(rack, {}, [found]);
      return { ...made, model: { ...made.model, facts: { ...made.model.facts, rope } } };
    };
    assert.equal(compileSteering(input("short")).report.steered, true);
    const error = refusal(() => compileSteering(input("long")));
    assert.equal(error.code, "wrong-model");
    assert.match(error.message, /under .* short rope factors, and long hold now/);
  });

  it("takes any name that the schema takes, also those that every object has", () => {
    for (const name of ["constructor", "toString", "valueOf", "hasOwnProperty"]) {
      const wanted = compileSteering(testInput({ controls: { joy: joy({ strength: 0.5 }) }, hold: {}, scope: {} }));
      const plan = compileSteering(testInput({ controls: { [name]: joy({ strength: 0.5 }) }, hold: {}, scope: {} }));
      assert.deepEqual(rowsOfPlan(plan).answer, rowsOfPlan(wanted).answer, name);
      assert.equal(plan.report.controls[0]!.scope, "all");
    }
    assert.match(refusal(() => compileSteering(testInput({ controls: { a: { use: "constructor/x" } } }))).message, /no method is called/);
  });

  it("refuses a rotation beside what sets a direction at the same place, for it would move that off its target", () => {
    const turn = joy({ with: { mode: "rotate" }, strength: 1 });
    const rack = (calm: object, more: object = {}) =>
      testInput({ controls: { turn, calm: { use: "direction/calm", strength: 1, with: { mode: "set", ...more }, ...calm } } });
    const error = refusal(() => compileSteering(rack({})));
    assert.equal(error.code, "conflict");
    assert.match(error.message, /turn rotates resid at layer 1.*calm \(set\)/);
    assert.equal(compileSteering(rack({}, { layers: [0, 3] })).report.steered, true);
    assert.equal(compileSteering(rack({ strength: 0 })).report.steered, true);
  });

  it("refuses a number that float32 cannot hold, naming the strength and not the artifact", () => {
    const artifacts = [testArtifact("direction/joy", 0, { gap: 1e37 })];
    const error = refusal(() =>
      compileSteering(testInput({ controls: { joy: joy({ with: { mode: "set" }, strength: 1000 }) } }, {}, artifacts)),
    );
    assert.equal(error.code, "out-of-range");
    assert.match(error.message, /joy: its strength/);
  });
});
