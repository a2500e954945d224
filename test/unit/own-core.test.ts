import assert from "node:assert/strict";
import { coresOf } from "../support/own-core.ts";

describe("the tests' cores", () => {
  it("are read as the kernel lists them", () => {
    assert.deepEqual(coresOf("0-1"), [0, 1]);
    assert.deepEqual(coresOf("0-2,5,8-9"), [0, 1, 2, 5, 8, 9]);
    assert.deepEqual(coresOf("3"), [3]);
  });
});
