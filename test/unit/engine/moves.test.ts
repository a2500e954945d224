/** A slider that moves, from the compiler to the rows of an engine: amounts instead of arrays, and the same edits. */
import assert from "node:assert/strict";
import { deserialize, serialize, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import * as z from "zod";
import { compileRack } from "../../../daemon/compiler/compile.ts";
import type { CompileInput, MethodCompiler } from "../../../daemon/compiler/types.ts";
import { HeldPlans } from "../../../daemon/engine/steering/held.ts";
import { type LoweredEdits, type LoweredPlan, PLAIN_FINGERPRINT } from "../../../daemon/engine/steering/lowered.ts";
import { Steering } from "../../../daemon/engine/steering/steering.ts";
import { MODES } from "../../../daemon/methods/directions/settings.ts";
import { compileProbe, METHODS } from "../../../daemon/methods/index.ts";
import { TillerError } from "../../../daemon/protocol/errors.ts";
import type { ElementOp } from "../../../daemon/protocol/ops.ts";
import type { SentPlan, SteeringPlan } from "../../../daemon/protocol/plan.ts";
import { SCOPES } from "../../../daemon/protocol/preset.ts";
import { siteKey } from "../../../daemon/protocol/sites.ts";
import { SentPlans } from "../../../daemon/server/engines/sent-plans.ts";
import { rowsOfPlan, testArtifact, testInput } from "../../support/compile.ts";
import { FakeContext } from "../../support/fake-context.ts";

const WIDTHS = { resid: 8, "mlp.mid": 12 } as const;
const [LOW, HIGH] = [Float32Array.of(0.5, -2, 1.25), Float32Array.from({ length: 12 }, (_, i) => Math.sin(i) * 2)];
const SOME = Int32Array.of(1, 6, 11);

/** Element-wise edits in every mode, chosen elements and all, linear in the strength (`-l`) and not. */
const elements: MethodCompiler = {
  kind: "made",
  control: { params: z.object({}), unit: "one", ranges: [] },
  compile({ control, strength, name, scope }) {
    const [, mode, which, how] = /^made\/(\w+)-(\w+)-(\w+)$/.exec(control.use) as unknown as [string, ElementOp["mode"], string, string];
    const values = which === "some" ? LOW! : HIGH!;
    const base = { kind: "element", mode, site: "mlp.mid", control: name, scope, indices: which === "some" ? SOME : null } as const;
    const op =
      how === "linear"
        ? { ...base, values, amount: strength }
        : { ...base, values: values.map((value) => value * Math.tanh(strength)), amount: 1 };
    return strength > 1.5 && how === "other" ? { ops: [{ ...op, layer: 3 }] } : { ops: [0, 1].map((layer) => ({ ...op, layer })) };
  },
  places: () => [0, 1, 3].map((layer) => ({ site: "mlp.mid", layer })),
  describe: () => ({ text: "at layers 0–1" }),
};
const COMPILER = { methods: [...METHODS, elements], probe: compileProbe };
const MADE = ["add", "scale", "set"].flatMap((mode) =>
  ["some", "all"].flatMap((which) => ["linear", "other"].map((how) => `made/${mode}-${which}-${how}`)),
);
const FOUND = ["direction/joy", "direction/calm", "direction/bent"];
const ARTIFACTS = [
  testArtifact("direction/joy", 0, { mid: 0.3 }),
  testArtifact("direction/calm", 1),
  testArtifact("direction/bent", 0, { vector: [1, 0.5, -2, 0, 0, 1, 0, 0.25] }),
  ...MADE.map((id) => testArtifact(id, 0)),
];

const strength = fc.oneof(fc.constantFrom(0, 1, -1, 0.5, -0.5, 2), fc.double({ min: -3, max: 3, noNaN: true }));
const control = fc.record({
  use: fc.oneof(fc.constantFrom(...FOUND), fc.constantFrom(...MADE)),
  mode: fc.constantFrom(...Object.keys(MODES)),
  scope: fc.constantFrom(...SCOPES),
});
const racks = fc.record({
  controls: fc.array(control, { minLength: 1, maxLength: 4 }),
  hold: fc.option(fc.constantFrom("floor", "ceil"), { nil: undefined, freq: 4 }),
  gate: fc.boolean(),
  moves: fc.array(fc.array(strength, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 6 }),
});
type Racks = typeof racks extends fc.Arbitrary<infer T> ? T : never;

function inputs({ controls, hold, gate, moves }: Racks): CompileInput[] {
  const names = controls.map((_, i) => `c${i}`);
  const rack = {
    controls: Object.fromEntries(
      controls.map(({ use, mode }, i) => [names[i], use.startsWith("direction") ? { use, with: { mode } } : { use }]),
    ),
    scope: Object.fromEntries(controls.map(({ scope }, i) => [names[i], scope])),
    ...(hold === undefined ? {} : { hold: { c0: { probe: "direction/calm", at: 0.7, by: hold } } }),
    ...(gate ? { when: { "direction/joy": "> 0.2" } } : {}),
  };
  return moves.map((move) => testInput(rack, Object.fromEntries(names.map((name, i) => [name, move[i]!])), ARTIFACTS));
}

/** null: it was refused as a conflict, which only some strengths are. */
function compiled(input: CompileInput, known: SteeringPlan | null): SteeringPlan | null {
  try {
    return compileRack(input, COMPILER, known);
  } catch (error) {
    assert.ok(error instanceof TillerError && error.code === "conflict", String(error));
    return null;
  }
}

/** As it comes out of the pipe. */
const piped = (plan: SentPlan): SentPlan => deserialize(serialize(plan));

/** What the native tables hold, float32 as numbers. */
function tables({ element, columns }: LoweredEdits): string {
  const rows = element.map(({ site, layer, indices, scale, shift }) => {
    const width = WIDTHS[site as keyof typeof WIDTHS];
    const table = (values: Float32Array | null, identity: number): number[] => {
      const row = new Array<number>(width).fill(identity);
      values?.forEach((value, i) => {
        row[indices === null ? i : indices[i]!] = value;
      });
      return row;
    };
    return [siteKey({ site, layer }), table(scale, 1), table(shift, 0)];
  });
  const params = columns.map(({ site, layer, id, add, gain, floor, ceil, rotate }) => {
    const numbers = [add, gain, floor, ceil].map((value) => (value === null ? null : Math.fround(value) + 0));
    return [siteKey({ site, layer }), id, numbers, rotate];
  });
  return JSON.stringify([rows, params].map((list) => list.map((one) => JSON.stringify(one)).sort()));
}

const phases = (plan: LoweredPlan): LoweredEdits[] => [...plan.prompt.variants, ...plan.last.variants, ...plan.answer.variants];

describe("a moved slider", () => {
  it("gives the rows that the same rack gives when it is compiled and sent afresh, and reserves all that it touches", () => {
    // so small that most racks push others out
    const sent = new SentPlans(24_000);
    const held = new HeldPlans();
    const fingerprints = new Map<string, string>();
    const byFingerprint = new Map<string, string>();
    fc.assert(
      fc.property(racks, (rack) => {
        let known: SteeringPlan | null = null;
        for (const input of inputs(rack)) {
          const moved = compiled(input, known);
          const afresh = compiled(input, null);
          assert.equal(moved === null, afresh === null);
          if (moved === null || afresh === null) continue;
          known = moved;
          const rows = held.open(piped(sent.pack(moved)));
          const wanted = rowsOfPlan(afresh);
          assert.deepEqual(moved.report, afresh.report);
          assert.deepEqual(phases(rows).map(tables), phases(wanted).map(tables));
          for (const edits of phases(rows)) {
            const text = tables(edits);
            assert.equal(fingerprints.get(text) ?? edits.fingerprint, edits.fingerprint, "equal edits");
            assert.equal(byFingerprint.get(edits.fingerprint) ?? text, text, "other edits");
            fingerprints.set(text, edits.fingerprint);
            byFingerprint.set(edits.fingerprint, text);
            for (const one of edits.element) {
              const place = rows.reserve.element.find((place) => siteKey(place) === siteKey(one));
              assert.ok(place !== undefined && (one.scale === null || place.scale) && (one.shift === null || place.shift));
            }
            for (const one of edits.columns) assert.ok(rows.reserve.columns.some(({ id }) => id === one.id));
          }
        }
      }),
      { numRuns: 120 },
    );
    assert.equal(byFingerprint.get(PLAIN_FINGERPRINT), JSON.stringify([[], []]));
    assert.ok(fingerprints.size > 100);
  });

  it("does to a vector what its ops say, one after the other", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...MADE), strength), { minLength: 1, maxLength: 5 }), (list) => {
        const controls = Object.fromEntries(list.map(([use, at], i) => [`c${i}`, { use, strength: at }]));
        const plan = compileRack(testInput({ controls }, {}, ARTIFACTS), COMPILER);
        const edit = phases(rowsOfPlan(plan))[0]!.element.find(({ layer }) => layer === 1);
        const x = Array.from({ length: 12 }, (_, i) => Math.cos(i * 1.7));
        const wanted = [...x];
        for (const [use, at] of list) {
          const [mode, which, how] = use.slice("made/".length).split("-") as [string, string, string];
          if (at === 0 || (how === "other" && at > 1.5)) continue;
          (which === "some" ? LOW! : HIGH!).forEach((value, i) => {
            const index = which === "some" ? SOME[i]! : i;
            const [v, a] = how === "linear" ? [value, at] : [value * Math.tanh(at), 1];
            if (mode === "add") wanted[index]! += a * v;
            else if (mode === "set") wanted[index] = a * v;
            else wanted[index]! *= 1 - a + a * v;
          });
        }
        const got = [...x];
        if (edit !== undefined)
          for (let i = 0; i < (edit.indices?.length ?? 12); i++) {
            const index = edit.indices === null ? i : edit.indices[i]!;
            got[index] = got[index]! * (edit.scale?.[i] ?? 1) + (edit.shift?.[i] ?? 0);
          }
        got.forEach((value, i) => {
          assert.ok(Math.abs(value - wanted[i]!) <= 1e-5 * (1 + Math.abs(wanted[i]!)), `${i}: ${value} ${wanted[i]}`);
        });
      }),
    );
  });

  it("is plain where a control and its negative meet, in rotations, too", () => {
    for (const mode of ["add", "rotate"]) {
      const rack = { controls: { up: { use: "direction/bent", with: { mode } }, down: { use: "direction/bent", with: { mode } } } };
      const plan = compileRack(testInput(rack, { up: 0.7, down: -0.7 }, ARTIFACTS), COMPILER);
      assert.deepEqual(
        phases(rowsOfPlan(plan)).map(({ fingerprint }) => fingerprint),
        [PLAIN_FINGERPRINT, PLAIN_FINGERPRINT, PLAIN_FINGERPRINT],
      );
    }
  });

  it("sends arrays once: with the rack that first names them, and again only when they were pushed out", () => {
    const sent = new SentPlans();
    const plan = (at: number, use = "direction/joy") =>
      compileRack(
        testInput({ controls: { a: { use, with: { mode: "ablate" } }, b: { use: "made/add-all-linear" } } }, { a: at, b: at }, ARTIFACTS),
        COMPILER,
      );
    assert.ok(sent.pack(plan(1)).fresh!.numbers.length >= 2);
    assert.equal(sent.pack(plan(0.25)).fresh, null);
    assert.equal(sent.pack(plan(0)).fresh, null);
    const other = sent.pack(plan(1, "direction/calm")).fresh!;
    assert.ok(
      other.numbers.every(([, array]) => array.length === WIDTHS.resid),
      "only the other direction",
    );
    const small = new SentPlans(1);
    assert.deepEqual(small.pack(plan(1)).forget, []);
    assert.deepEqual(small.pack(plan(1, "direction/calm")).forget, [plan(1).topology.id]);
    assert.notEqual(small.pack(plan(0.5)).fresh, null);
  });

  it("of a method that is not linear is sent whole, and no more of the rack than that method's arrays", () => {
    const sent = new SentPlans();
    const rack = { controls: { a: { use: "direction/joy" }, b: { use: "made/add-all-other" } } };
    const first = compileRack(testInput(rack, { a: 1, b: 1 }, ARTIFACTS), COMPILER);
    sent.pack(first);
    const moved = compileRack(testInput(rack, { a: 1, b: 1.2 }, ARTIFACTS), COMPILER, first);
    const { numbers } = sent.pack(moved).fresh!;
    assert.deepEqual(
      numbers.map(([, array]) => array.length),
      [WIDTHS["mlp.mid"]],
    );
  });

  it("keeps no rows and no arrays of where it was", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const held = (): number => {
      // the sweep of the first one may still run
      collect();
      collect();
      return process.memoryUsage().arrayBuffers;
    };
    const context = new FakeContext();
    context.writeProfile = () => 1;
    const steering = new Steering(context, 16);
    const sent = new SentPlans(200_000);
    const plans = new HeldPlans();
    const width = 20_000;
    const direction = Float32Array.from({ length: width }, (_, i) => Math.sin(i));
    const plan = (at: number): SteeringPlan => {
      const id = `t${Math.floor(at / 100)}`;
      const values = `v${id}`;
      const term = { kind: "element", mode: "add", site: "resid", layer: 0, control: "a", scope: "all", indices: null, values } as const;
      const places = [{ site: "resid", layer: 0, width, scale: false, shift: true }] as const;
      const report = { steered: true, summary: "", controls: [] };
      const numbers = new Map([[values, direction.map((value) => value + at)]]);
      return { topology: { id, terms: [term], places, columns: [], gates: [] }, numbers, amounts: Float64Array.of(at + 1), report };
    };
    const move = (at: number): void => {
      const rows = plans.open(piped(sent.pack(plan(at))));
      const hold = steering.hold(steering.needs(rows, [], []));
      steering.unbind(steering.bind(0, rows)!.slots);
      steering.release(hold);
    };
    for (let at = 0; at < 30; at++) move(at);
    const before = held();
    // 80 kB of rows each, and of arrays each hundredth time
    for (let at = 30; at < 500; at++) move(at);
    const grown = held() - before;
    assert.ok(grown < 100 * 4 * width, `${grown} bytes more`);
  });
});
