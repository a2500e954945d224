/** Codes that open the page once. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { PageSessions } from "../../../daemon/server/transport/page-sessions.ts";

describe("server: sessions of pages", () => {
  it("a code opens one session, within its time", () => {
    const pages = new PageSessions();
    const { code, seconds } = pages.issue(0);
    assert.throws(() => pages.redeem("A".repeat(22), 0), /used already/);
    const token = pages.redeem(code, seconds * 1000);
    assert.match(token, /^[\w-]{22}$/);
    assert.throws(() => pages.redeem(code, 0), /used already/);
    const late = pages.issue(0).code;
    assert.throws(() => pages.redeem(late, seconds * 1000 + 1), /too old/);
    assert.throws(() => pages.redeem(late, 0), /too old/, "a try ends it");
  });

  it("keeps a bounded number of both: the oldest gives way", () => {
    const pages = new PageSessions();
    const codes = Array.from({ length: 100 }, () => pages.issue(0).code);
    assert.throws(() => pages.redeem(codes[0]!, 0));
    pages.redeem(codes.at(-1)!, 0);
    const before = pages.hashes.size;
    const [first] = pages.hashes;
    for (let i = 0; i < 300; i++) pages.redeem(pages.issue(0).code, 0);
    assert.ok(before === 1 && pages.hashes.size < 300 && !pages.hashes.has(first!));
  });
});
