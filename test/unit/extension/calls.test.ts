import assert from "node:assert/strict";
import { wholeCalls } from "../../../extension/models/calls.ts";

const call = (id: string, json: string) => ({ id, name: "weather", arguments: json });

describe("extension: calls of tools", () => {
  it("hands on what is whole", () => {
    assert.deepEqual(wholeCalls([call("a", '{"town":"Rome"}'), call("b", '{"town":"Ro')]), [
      { id: "a", name: "weather", input: { town: "Rome" } },
    ]);
    assert.deepEqual(wholeCalls([]), []);
  });

  it("says that an answer ended within its only call", () => {
    for (const cut of ["", "{", '{"town"', "null"])
      assert.throws(() => wholeCalls([call("a", cut)]), /limit of tokens .*weather.*maxTokens/);
  });
});
