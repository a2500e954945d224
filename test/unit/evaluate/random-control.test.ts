import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { randomOps } from "../../../daemon/methods/shared/random-control.ts";
import type { DirectionOp, ElementOp, Op } from "../../../daemon/protocol/ops.ts";

const WIDTH = 64;
const width = (): number => WIDTH;

function vector(phase: number, scale: number): Float32Array {
  return Float32Array.from({ length: WIDTH }, (_, i) => scale * Math.sin(i * 0.7 + phase));
}

function added(layer: number, values: Float32Array): ElementOp {
  return { kind: "element", mode: "add", site: "resid", layer, control: "c", scope: "all", indices: null, values, amount: 1 };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
}

const valuesOf = (op: Op): Float32Array => (op.kind === "direction" ? op.vector : op.values);

describe("evaluate: random control", () => {
  const ops = [added(1, vector(0, 3)), added(2, vector(0.2, 5)), added(3, vector(2, 1))];

  it("keeps place, norm and the angles between layers, and changes the direction", () => {
    const random = randomOps(ops, 9, width);
    assert.deepEqual(
      random.map(({ site, layer }) => [site, layer]),
      ops.map(({ site, layer }) => [site, layer]),
    );
    for (const a of [0, 1, 2])
      for (const b of [0, 1, 2]) {
        const before = dot(ops[a]!.values, ops[b]!.values);
        const after = dot(valuesOf(random[a]!), valuesOf(random[b]!));
        assert.ok(Math.abs(before - after) < 1e-3 * Math.abs(dot(ops[1]!.values, ops[1]!.values)), `${a} ${b}: ${before} ${after}`);
      }
    ops.forEach((op, i) => {
      const cosine = dot(op.values, valuesOf(random[i]!)) / dot(op.values, op.values);
      assert.ok(Math.abs(cosine) < 0.5, `cosine ${cosine}`);
    });
  });

  it("depends on the seed alone, and turns with the sign of the strength", () => {
    assert.deepEqual(randomOps(ops, 9, width), randomOps(ops, 9, width));
    assert.notDeepEqual(randomOps(ops, 9, width), randomOps(ops, 10, width));
    const negative = randomOps(
      ops.map((op) => ({ ...op, values: op.values.map((value) => -2 * value) })),
      9,
      width,
    );
    randomOps(ops, 9, width).forEach((op, i) => {
      valuesOf(op).forEach((value, j) => {
        assert.ok(Math.abs(valuesOf(negative[i]!)[j]! + 2 * value) < 1e-4);
      });
    });
  });

  it("covers directions evenly: on average the cosine is 0 and its square 1/n", () => {
    const cosines = Array.from({ length: 400 }, (_, seed) => {
      const [op] = randomOps([ops[0]!], seed, width);
      return dot(ops[0]!.values, valuesOf(op!)) / dot(ops[0]!.values, ops[0]!.values);
    });
    const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
    const square = cosines.reduce((sum, value) => sum + value * value, 0) / cosines.length;
    assert.ok(Math.abs(mean) < 4 / Math.sqrt(WIDTH * cosines.length), `mean ${mean}`);
    assert.ok(Math.abs(square * WIDTH - 1) < 0.3, `square ${square}`);
  });

  it("keeps a bank's directions of unit length and its amounts", () => {
    const unit = vector(1, 1).map((value) => value / Math.sqrt(dot(vector(1, 1), vector(1, 1))));
    const op: DirectionOp = {
      kind: "direction",
      mode: "set",
      site: "resid",
      layer: 2,
      control: "c",
      scope: "answer",
      vector: unit,
      amount: 4,
    };
    const [random] = randomOps([op], 3, width) as [DirectionOp];
    assert.ok(Math.abs(dot(random.vector, random.vector) - 1) < 1e-5);
    assert.deepEqual({ ...random, vector: null }, { ...op, vector: null });
  });

  it("takes as many other elements, with the same values", () => {
    const op: ElementOp = {
      ...added(0, Float32Array.of(1, 2, 3)),
      site: "mlp.mid",
      mode: "scale",
      indices: Int32Array.of(5, 6, 7),
    };
    const [random] = randomOps([op], 1, width) as [ElementOp];
    assert.deepEqual(random.values, op.values);
    assert.equal(new Set(random.indices).size, 3);
    assert.notDeepEqual([...random.indices!], [5, 6, 7]);
    assert.ok(random.indices!.every((index) => index >= 0 && index < WIDTH));
  });

  it("leaves nothing to randomise alone", () => {
    assert.deepEqual(randomOps([], 1, width), []);
  });
});
