import assert from "node:assert/strict";
import { opens } from "../../../daemon/engine/steering/binding.ts";
import type { LoweredColumn, LoweredEdits, LoweredPlan } from "../../../daemon/engine/steering/lowered.ts";
import { ProfileSlots } from "../../../daemon/engine/steering/profiles.ts";
import { Steering } from "../../../daemon/engine/steering/steering.ts";
import { layOut, needsOf, offers, profileRows, toNative } from "../../../daemon/engine/steering/topology.ts";
import { FakeContext } from "../../support/fake-context.ts";
import { rowsOf, shiftEdits } from "../../support/plans.ts";

function columnPlan(id: string, value: number): LoweredPlan {
  const v = Float32Array.from([value, 0]);
  const column: LoweredColumn = { site: "resid", layer: 1, id, v, u: v, add: 0, gain: 0, floor: 2, ceil: null, rotate: false };
  const edits: LoweredEdits = { element: [], columns: [column], fingerprint: `column ${id}` };
  return { ...rowsOf(edits), reserve: { element: [], columns: [column] } };
}

describe("engine: topology", () => {
  const needs = (plan: LoweredPlan) => needsOf(plan, [], []);

  it("is the union of what runs", () => {
    const shift = needs(rowsOf(shiftEdits("resid", 0, [1, 2])));
    const scale = { ...shift, element: [{ site: "resid" as const, layer: 0, scale: true, shift: false }] };
    const layout = layOut([shift, scale]);
    assert.deepEqual(toNative(layout).element, [{ site: "resid", layer: 0, scale: true, shift: true }]);
    assert.ok(offers(layout, shift) && offers(layout, scale));
    assert.ok(!offers(layOut([shift]), scale));
  });

  it("shares equal columns and pads ranks to powers of two", () => {
    const layout = layOut([columnPlan("a", 1), columnPlan("a", 1), columnPlan("b", 2), columnPlan("c", 3)].map(needs));
    const [bank] = toNative(layout).banks;
    assert.equal(bank?.rank, 4);
    assert.deepEqual([...bank!.v], [1, 0, 2, 0, 3, 0, 0, 0]);
  });

  it("writes a column's parameters into its own row", () => {
    const layout = layOut([columnPlan("a", 1), columnPlan("b", 2)].map(needs));
    const rows = profileRows(columnPlan("b", 2).answer.variants[0]!, layout);
    assert.deepEqual([...rows.banks[0]!.params], [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0]);
  });

  it("tells probes apart by their numbers, not their names", () => {
    const probe = (value: number) => ({ id: "probe/x", site: "resid" as const, layer: 0, vector: Float32Array.from([value, 1]) });
    const layout = layOut([needsOf(null, [probe(1), probe(1)], []), needsOf(null, [probe(2)], [])]);
    assert.equal(layout.readings, 2);
    assert.equal(toNative(layout).probes[0]?.count, 2);
  });
});

describe("engine: profile slots", () => {
  it("shares equal edits, keeps idle ones, recycles the oldest", () => {
    const slots = new ProfileSlots(3);
    assert.deepEqual(slots.acquire("plain"), { slot: 0, fresh: false });
    assert.deepEqual(slots.acquire("a"), { slot: 1, fresh: true });
    assert.deepEqual(slots.acquire("a"), { slot: 1, fresh: false });
    assert.deepEqual(slots.acquire("b"), { slot: 2, fresh: true });
    assert.equal(slots.acquire("c"), null);
    slots.release(1);
    assert.equal(slots.acquire("c"), null);
    slots.release(2);
    slots.release(1);
    assert.deepEqual(slots.acquire("b"), { slot: 2, fresh: false });
    assert.deepEqual(slots.acquire("c"), { slot: 1, fresh: true });
  });
});

describe("engine: steering", () => {
  it("builds once for a rack and never for a strength", () => {
    const context = new FakeContext();
    const steering = new Steering(context, 8);
    const first = steering.hold(steering.needs(rowsOf(shiftEdits("resid", 0, [1, 2])), [], []));
    for (let strength = 0; strength < 20; strength++) {
      const plan = rowsOf(shiftEdits("resid", 0, [strength, 2]));
      const hold = steering.hold(steering.needs(plan, [], []));
      const binding = steering.bind(0, plan)!;
      steering.unbind(binding.slots);
      steering.release(hold);
    }
    steering.release(first);
    assert.equal(context.builds, 1);
  });

  it("shrinks only when nothing else runs", () => {
    const context = new FakeContext();
    const steering = new Steering(context, 8);
    const plain = steering.needs(null, [], []);
    const steered = steering.hold(steering.needs(rowsOf(shiftEdits("resid", 0, [1])), [], []));
    const beside = steering.hold(plain);
    assert.equal(context.builds, 1);
    steering.release(steered);
    steering.release(beside);
    steering.release(steering.hold(plain));
    assert.equal(context.builds, 2);
  });

  it("keeps profiles of running answers through a growing topology", async () => {
    const context = new FakeContext();
    const steering = new Steering(context, 8);
    const plan = rowsOf(shiftEdits("resid", 0, [1]));
    steering.hold(steering.needs(plan, [], []));
    steering.bind(0, plan)!.apply(0, 1, 0);
    steering.hold(steering.needs(rowsOf(shiftEdits("resid", 3, [1])), [], []));
    // The fake refuses a decode under a profile that was not written again.
    await context.decode({
      ...{ tokens: Int32Array.of(1), positions: Int32Array.of(0), sequences: Int32Array.of(0), outputs: Uint8Array.of(1) },
      ...{ samplers: Int32Array.of(-1), capture: null, classes: null },
    });
  });

  it("says when steering can never fit and waits when it may fit later", () => {
    const steering = new Steering(new FakeContext(), 5);
    const edits = [1, 2, 3, 4].map((value) => shiftEdits("resid", 0, [value]));
    for (const one of edits) steering.hold(steering.needs(rowsOf(one), [], []));
    const wide = { ...rowsOf(edits[0]!), answer: { variants: edits } };
    assert.throws(() => steering.bind(0, wide), /needs 4 profiles/);
    const taken = edits.slice(0, 3).map((one, sequence) => steering.bind(sequence, rowsOf(one)));
    assert.ok(taken.every((binding) => binding !== null));
    assert.equal(steering.bind(3, rowsOf(edits[3]!)), null);
    steering.unbind(taken[0]!.slots);
    assert.notEqual(steering.bind(3, rowsOf(edits[3]!)), null);
  });

  it("opens gates as they are written", () => {
    const probe = { id: "p/x", site: "resid" as const, layer: 0, vector: new Float32Array(1) };
    const cases = { ">": [false, false, true], ">=": [false, true, true], "<": [true, false, false], "<=": [true, true, false] } as const;
    for (const [compare, expected] of Object.entries(cases))
      assert.deepEqual(
        [1, 2, 3].map((reading) => opens({ probe, compare: compare as keyof typeof cases, threshold: 2 }, reading)),
        expected,
      );
  });
});
