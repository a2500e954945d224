import assert from "node:assert/strict";
import { fromBf16, fromHalf, halfTable, toBf16, toHalf } from "../../../daemon/formats/float.ts";

describe("halves and bfloat16", () => {
  it("come back from their own values, all 65,536 of them", () => {
    for (let bits = 0; bits < 65_536; bits++) {
      const half = fromHalf(bits);
      assert.ok(Object.is(half, halfTable()[bits]));
      if (!Number.isNaN(half)) assert.equal(toHalf(half), bits);
      const brain = fromBf16(bits);
      if (!Number.isNaN(brain)) assert.equal(toBf16(brain), bits);
    }
  });

  it("round to the nearest, ties to even, and overflow to infinity", () => {
    assert.equal(toHalf(1 + 2 ** -11), toHalf(1));
    assert.equal(toHalf(1 + 3 * 2 ** -11), toHalf(1 + 2 ** -9));
    assert.equal(fromHalf(toHalf(65_519)), 65_504);
    assert.equal(fromHalf(toHalf(65_520)), Number.POSITIVE_INFINITY);
    assert.equal(fromHalf(toHalf(-1e30)), Number.NEGATIVE_INFINITY);
    assert.equal(fromHalf(toHalf(2 ** -24)), 2 ** -24);
    assert.equal(fromHalf(toHalf(2 ** -25)), 0);
    assert.equal(fromHalf(toHalf(2 ** -25 * 1.0001)), 2 ** -24);
    assert.equal(fromBf16(toBf16(1 + 2 ** -8)), 1);
    assert.equal(fromBf16(toBf16(1 + 3 * 2 ** -8)), 1 + 2 ** -6);
  });

  it("keep a NaN", () => {
    assert.ok(Number.isNaN(fromHalf(toHalf(Number.NaN))));
    assert.ok(Number.isNaN(fromBf16(toBf16(Number.NaN))));
  });
});
