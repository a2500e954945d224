/** Prefixes from a preset to the rows that an engine makes of them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { LoadedArtifact } from "../../../daemon/compiler/types.ts";
import { insertRows, placePrefix } from "../../../daemon/engine/prompt/place-prefix.ts";
import { type LoweredEdits, PLAIN_FINGERPRINT } from "../../../daemon/engine/steering/lowered.ts";
import { checkBody, compileSteering } from "../../../daemon/methods/index.ts";
import { prefixCompiler } from "../../../daemon/methods/self-control/compile.ts";
import { randomOps } from "../../../daemon/methods/shared/random-control.ts";
import type { PrefixOp } from "../../../daemon/protocol/ops.ts";
import { LAYERS, rowsOfPlan, testArtifact, testInput, WIDTH } from "../../support/compile.ts";
import { noise } from "../../support/native.ts";
import { prefixArtifact } from "../../support/prefix.ts";

const values = noise(2 * WIDTH, 1);
const start = noise(2 * WIDTH, 2);
const shift = noise(2 * WIDTH, 3);

function artifact(id: string, shifts: { layer: number; values: Float32Array }[] = []): LoadedArtifact {
  return prefixArtifact({ id, width: WIDTH, modelLayers: LAYERS, values, start, shifts });
}
const ALL = [artifact("prefix/calm"), artifact("prefix/short", [{ layer: 2, values: shift }]), testArtifact("direction/joy", 0)];
const compiled = (rack: unknown, set: Record<string, number> = {}) => compileSteering(testInput(rack, set, ALL));
const calm = { use: "prefix/calm", strength: 1 };
const at = (edits: LoweredEdits, site: string) => edits.element.find((one) => one.site === site)!;

describe("prefixes", () => {
  it("become one set of edits a row: the row in the embedding's place, its shift, and what acts on the whole prompt", () => {
    const plan = compiled({ controls: { short: { use: "prefix/short", strength: 1 }, joy: { use: "direction/joy", strength: 0.5 } } });
    const rows = rowsOfPlan(plan);
    assert.equal(rows.prefix.length, 2);
    for (const [i, edits] of rows.prefix.entries()) {
      const row = at(edits, "embd");
      assert.deepEqual([...row.scale!], new Array(WIDTH).fill(0));
      assert.deepEqual([...row.shift!], [...values.subarray(i * WIDTH, (i + 1) * WIDTH)]);
      const moved = edits.element.find(({ site, layer }) => site === "resid" && layer === 2)!;
      const joy = rows.prompt.variants[0]!.element.find(({ layer }) => layer === 2)!;
      for (let k = 0; k < WIDTH; k++) {
        const own = shift[i * WIDTH + k]! + (k === 0 ? 1 : 0);
        assert.ok(Math.abs(moved.shift![k]! - own) < 1e-6, `${moved.shift![k]} against ${own}`);
      }
      assert.equal(joy.shift![0], 1);
    }
    assert.notEqual(rows.prefix[0]!.fingerprint, rows.prefix[1]!.fingerprint);
    assert.equal(rows.prompt, rows.answer);
    assert.match(plan.report.summary, /^steered: short 1 \(prefix\) 2 rows in front of the prompt, shifted at layer 2; joy 0.5/);
  });

  it("lie between their start and their rows, and are gone at 0, under one topology", () => {
    const half = compiled({ controls: { calm } }, { calm: 0.25 });
    for (const [i, edits] of rowsOfPlan(half).prefix.entries())
      for (let k = 0; k < WIDTH; k++) {
        const expected = 0.25 * values[i * WIDTH + k]! + 0.75 * start[i * WIDTH + k]!;
        assert.ok(Math.abs(at(edits, "embd").shift![k]! - expected) < 1e-6);
      }
    const off = compiled({ controls: { calm } }, { calm: 0 });
    assert.deepEqual([rowsOfPlan(off).prefix, rowsOfPlan(off).prompt.variants[0]!.fingerprint], [[], PLAIN_FINGERPRINT]);
    assert.equal(off.topology.id, half.topology.id);
    assert.equal(off.report.steered, false);
  });

  it("stand one behind the other in the order of their controls", () => {
    const both = rowsOfPlan(compiled({ controls: { short: { use: "prefix/short", strength: 1 }, calm } }));
    assert.equal(both.prefix.length, 4);
    assert.deepEqual(
      both.prefix.map((edits) => edits.element.length),
      [2, 2, 1, 1],
    );
    const one = rowsOfPlan(compiled({ controls: { short: { use: "prefix/short", strength: 1 }, calm } }, { short: 0 }));
    assert.equal(one.prefix.length, 2);
    assert.equal(one.prefix[0]!.fingerprint, both.prefix[2]!.fingerprint);
  });

  it("are refused by name where they cannot act", () => {
    const cases: [unknown, Record<string, number>, string, RegExp][] = [
      [{ controls: { calm } }, { calm: -1 }, "out-of-range", /calm: a prefix has no opposite/],
      [{ controls: { calm }, scope: { calm: "answer" } }, {}, "bad-preset", /cannot act on the answer alone/],
      [{ controls: { calm }, when: { "direction/joy": "> 0" } }, {}, "conflict", /calm is a prefix, which is read before any gate/],
      [{ controls: { calm: { ...calm, with: { rows: 3 } } } }, {}, "bad-preset", /no such setting/],
    ];
    for (const [rack, set, code, pattern] of cases) assert.throws(() => compiled(rack, set), { code, message: pattern });
    const wide = prefixArtifact({ id: "prefix/wide", width: WIDTH, modelLayers: LAYERS, values, shifts: [{ layer: 9, values: shift }] });
    const rack = { controls: { wide: { use: "prefix/wide", strength: 1 } } };
    assert.throws(() => compileSteering(testInput(rack, {}, [wide])), /no resid at layer 9/);
    const input = testInput({ controls: { calm } }, {}, ALL);
    const gemma = { ...input, model: { ...input.model, facts: { ...input.model.facts, architecture: "gemma3n" } } };
    assert.throws(() => compileSteering(gemma), { code: "not-steerable", message: /read token ids/ });
    assert.throws(() => checkBody("prefix", { rows: 0 }, "prefix/x"), { code: "bad-artifact" });
    const short = prefixArtifact({ id: "prefix/calm", width: WIDTH, modelLayers: LAYERS, values, start: values.subarray(1) });
    assert.throws(() => compileSteering(testInput({ controls: { calm } }, {}, [short])), /its tensor 'start' does not hold 16 values/);
  });

  it("are compared with random rows of the same norms", () => {
    const control = { name: "calm", control: calm as never, settings: {}, strength: 1, scope: "all" as const, artifact: ALL[1]! };
    const ops = prefixCompiler.compile({ ...control, model: testInput({ controls: {} }).model }).ops as PrefixOp[];
    const random = randomOps(ops, 3, () => WIDTH) as PrefixOp[];
    for (const [i, op] of random.entries()) {
      assert.equal(op.start, ops[i]!.start);
      for (let row = 0; row < op.rows; row++) {
        const part = (one: PrefixOp) => [...one.values.subarray(row * WIDTH, (row + 1) * WIDTH)];
        assert.ok(Math.abs(Math.hypot(...part(op)) / Math.hypot(...part(ops[i]!)) - 1) < 1e-5);
        assert.notDeepEqual(part(op), part(ops[i]!));
      }
    }
  });

  it("stand behind the token that begins texts, and only there", () => {
    const tokens = Int32Array.of(1, 5, 6);
    const plan = rowsOfPlan(compiled({ controls: { calm } }));
    assert.deepEqual([...insertRows(tokens, 1, 2)], [1, 0, 0, 5, 6]);
    assert.deepEqual([...placePrefix(tokens, plan, 1, 10).tokens], [1, 0, 0, 5, 6]);
    assert.equal(placePrefix(tokens, plan, null, 10).at, 0);
    assert.equal(placePrefix(Int32Array.of(5), plan, 1, 10).at, 0);
    assert.equal(placePrefix(tokens, null, 1, 10).tokens, tokens);
    assert.throws(() => placePrefix(tokens, plan, 1, 4), { code: "context-full", message: /3 tokens and the prefix 2/ });
  });
});
