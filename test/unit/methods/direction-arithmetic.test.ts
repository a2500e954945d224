import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { combineLayer } from "../../../daemon/methods/directions/arithmetic.ts";
import { generator } from "../../../daemon/methods/shared/random.ts";
import { cosine, project } from "../../../daemon/methods/shared/separation.ts";

const next = generator(5);
const vector = (): Float64Array => Float64Array.from({ length: 12 }, () => next() * 2 - 1);
const near = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-9): void => {
  for (let i = 0; i < b.length; i++) assert.ok(Math.abs(a[i]! - b[i]!) < tolerance, `${i}: ${a[i]} ${b[i]}`);
};

describe("arithmetic on directions", () => {
  it("adds and subtracts", () => {
    const [a, b, c] = [vector(), vector(), vector()];
    near(
      combineLayer("add", [a, b, c]),
      a.map((value, i) => value + b[i]! + c[i]!),
    );
    near(
      combineLayer("subtract", [a, b, c]),
      a.map((value, i) => value - b[i]! - c[i]!),
    );
  });

  it("projects out what the others span: as the normal equations of two give it", () => {
    const [a, b, c] = [vector(), vector(), vector()];
    const [bb, bc, cc, ab, ac] = [project(b, b), project(b, c), project(c, c), project(a, b), project(a, c)];
    const determinant = bb * cc - bc * bc;
    const [x, y] = [(ab * cc - ac * bc) / determinant, (ac * bb - ab * bc) / determinant];
    const left = combineLayer("project-out", [a, b, c]);
    near(
      left,
      a.map((value, i) => value - x * b[i]! - y * c[i]!),
    );
    assert.ok(Math.abs(cosine(left, b)) < 1e-9 && Math.abs(cosine(left, c)) < 1e-9);
    // one that is named twice spans no more
    near(combineLayer("project-out", [a, b, c, b]), left);
    assert.ok(combineLayer("project-out", [a, b, a.map((value) => 2 * value)]).every((value) => value === 0));
  });

  it("orthogonalises two as the closed form of S^(−1/2) does, and any number to right angles", () => {
    const unit = (v: Float64Array): Float64Array => v.map((value) => value / Math.sqrt(project(v, v)));
    const [a, b] = [vector(), vector()];
    const [u, v] = [unit(a), unit(b)];
    const c = project(u, v);
    const [p, q] = [(1 / Math.sqrt(1 + c) + 1 / Math.sqrt(1 - c)) / 2, (1 / Math.sqrt(1 + c) - 1 / Math.sqrt(1 - c)) / 2];
    const length = Math.sqrt(project(a, a));
    near(
      combineLayer("orthogonalise", [a, b]),
      u.map((value, i) => length * (p * value + q * v[i]!)),
    );
    const set = [vector(), vector(), vector(), vector()];
    const all = set.map((one) => combineLayer("orthogonalise", [one, ...set.filter((other) => other !== one)]));
    for (const [i, one] of all.entries()) for (const other of all.slice(i + 1)) assert.ok(Math.abs(cosine(one, other)) < 1e-9);
    assert.throws(() => combineLayer("orthogonalise", [a, a.slice()]), /nearly the same/);
  });
});
