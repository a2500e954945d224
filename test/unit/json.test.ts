import assert from "node:assert/strict";
import fc from "fast-check";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { parseJson } from "../../daemon/server/transport/json.ts";

const code = (text: string): string => {
  try {
    parseJson(text, "body");
    return "taken";
  } catch (error) {
    return (error as TillerError).code;
  }
};

describe("JSON from outside", () => {
  it("is what JSON.parse makes of it", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => assert.deepEqual(parseJson(text, "body"), JSON.parse(text))),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 120 })), (list) => {
        const text = JSON.stringify(list);
        assert.deepEqual(parseJson(text, "body"), list);
      }),
    );
    const escapes = JSON.stringify([`${"a".repeat(100)}\\`, `"${"b".repeat(40)}"[{,`, '\\"'.repeat(50)]);
    assert.deepEqual(parseJson(escapes, "body"), JSON.parse(escapes));
  });

  it("is refused before it is parsed when it holds too much", () => {
    const many = (count: number): string => `[${"1,".repeat(count - 1)}1]`;
    assert.equal(code(many(65_536)), "taken");
    assert.equal(code(many(100_001)), "too-large");
    const members = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(",")}}`;
    assert.equal(code(members(512)), "taken");
    assert.equal(code(members(513)), "too-large");
    assert.equal(code(`[${members(512)},${members(512)}]`), "taken");
    assert.equal(code("[".repeat(257)), "too-large");
    assert.equal(code(JSON.stringify("[{,".repeat(200_000))), "taken", "what stands in a string is text");
    assert.equal(code(`"${'\\"'.repeat(200_000)}"`), "taken");
    assert.equal(code(`"${"x".repeat(100)}`), "invalid-request");
  });
});
