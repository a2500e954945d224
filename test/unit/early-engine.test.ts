/** An engine that is forked before the configuration is read has the size that the configuration has unless someone changed it. */
import assert from "node:assert/strict";
import { forkEarly, HEAP_MEGABYTES, takeEngine } from "../../daemon/server/engines/early.ts";
import { ConfigSchema } from "../../daemon/store/config.ts";
import { childrenOf } from "../support/daemon.ts";

describe("the early engine", () => {
  it("has the default heap", () => {
    assert.equal(ConfigSchema.parse({}).engine.heapMegabytes, HEAP_MEGABYTES);
  });

  it("is taken once, and only at its own size", async () => {
    const before = new Set(childrenOf(process.pid));
    forkEarly();
    const forked = childrenOf(process.pid).filter((pid) => !before.has(pid));
    const other = takeEngine(128);
    const early = takeEngine(HEAP_MEGABYTES);
    const next = takeEngine(HEAP_MEGABYTES);
    const arguments_ = [other, early, next].map((child) => child.spawnargs.find((one) => one.startsWith("--max-old-space-size")));
    assert.deepEqual(arguments_, ["--max-old-space-size=128", "--max-old-space-size=4096", "--max-old-space-size=4096"]);
    assert.deepEqual([early.pid], forked, "the process that was forked early");
    await Promise.all([other, early, next].map((child) => ended(child, () => child.kill("SIGKILL"))));
  });
});

function ended(child: ReturnType<typeof takeEngine>, kill: () => void): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    kill();
  });
}
