/** What the extension keeps for the page, in files. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { Kept } from "../../../extension/chat/kept.ts";

describe("extension: what the chat keeps", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-kept-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is there for the next window, key by key, and a damaged file takes nothing else with it", () => {
    const kept = new Kept(join(folder, "chat"));
    assert.deepEqual(kept.all(), {});
    kept.set("tiller.chat.1.a", "first");
    kept.set("tiller.chat.1.A", "another, also where names of files ignore case");
    kept.set("tiller.settings.1", "{}");
    new Kept(join(folder, "chat")).set("tiller.chat.1.a", "second");
    kept.set("tiller.settings.1", null);
    for (const name of ["damaged.json", ".half.tmp"]) writeFileSync(join(folder, "chat", name), '{"key":');
    const expected = { "tiller.chat.1.a": "second", "tiller.chat.1.A": "another, also where names of files ignore case" };
    assert.deepEqual(new Kept(join(folder, "chat")).all(), expected);
    assert.equal(readdirSync(join(folder, "chat")).length, 4);
  });
});
