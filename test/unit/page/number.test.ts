import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { numberProblem } from "../../../webview-ui/ui/number.ts";

const SEED = { title: "The seed", min: 0, max: 0xffffffff, whole: true };
const TEMPERATURE = { title: "Temperature", min: 0, max: 5, whole: false };

describe("page: a number as it is typed", () => {
  it("is used when it fits, ends included", () => {
    for (const text of ["0", "7", "4294967295", "1e3"]) assert.equal(numberProblem(text, SEED), null, text);
    for (const text of ["0", "5", "0.25"]) assert.equal(numberProblem(text, TEMPERATURE), null, text);
  });

  it("is refused in words when it does not", () => {
    assert.equal(numberProblem("-5", SEED), "The seed goes from 0 to 4294967295; −5 is not used.");
    assert.equal(numberProblem("99999999999", SEED), "The seed goes from 0 to 4294967295; 99999999999 is not used.");
    assert.equal(numberProblem("1.5", SEED), "The seed is a whole number; 1.5 is not used.");
    assert.equal(numberProblem("-5", TEMPERATURE), "Temperature goes from 0 to 5; −5 is not used.");
    assert.match(numberProblem("", TEMPERATURE, true)!, /not a number/);
  });
});
