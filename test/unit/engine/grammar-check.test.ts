import assert from "node:assert/strict";
import { checkGrammar } from "../../../daemon/engine/loop/sampling.ts";

const micros = (grammar: string): number => {
  const before = process.cpuUsage().user;
  try {
    checkGrammar(grammar);
  } catch {
    // too deep
  }
  return process.cpuUsage().user - before;
};

describe("engine: a grammar before it is parsed", () => {
  it("is refused when its groups are nested too deeply, wherever brackets are text", () => {
    const deep = (open: string): void => checkGrammar(`root ::= ${open}${"(".repeat(101)}`);
    assert.throws(() => deep(""), /nested more than 100/);
    assert.throws(() => deep('"\\"" '), /nested/);
    assert.throws(() => deep("[\\]] "), /nested/);
    assert.throws(() => deep("# (\n"), /nested/);
    for (const open of ['"', "[", "# "]) deep(open);
    checkGrammar(`root ::= ${"(".repeat(100)}${")".repeat(100)}${"(".repeat(100)}`);
  });

  it("takes time by its length, not by the square of it", () => {
    for (const filler of ["[", '"\\', "(", "#", "[\\"]) {
      micros(filler.repeat(1000));
      const [small, large] = [micros(filler.repeat(20_000)), micros(filler.repeat(200_000))];
      assert.ok(large < Math.max(small, 2000) * 40, `${filler}: ${small} µs, ten times as long: ${large} µs`);
    }
  });
});
