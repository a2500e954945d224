/** The daemon as the windows of a real VS Code see it: one for all, back after a crash, and gone when it was told to go. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, useWorkbench } from "../support/workbench.ts";

describe("VS Code: the daemon", () => {
  const bench = useWorkbench();

  it("is one for two windows, comes back after a crash, and stays away when it was stopped", async () => {
    const [first, second] = [await bench.open(), await bench.open()];
    await Promise.all([first, second].map((window) => window.openTiller()));
    await Promise.all([first, second].map((window) => window.ready()));
    const { pid } = (await bench.daemon())!;
    assert.deepEqual(bench.daemonProcesses(), [pid], "one daemon");
    await ask(first, "Hello!");

    process.kill(pid, "SIGKILL");
    await Promise.all([first, second].map((window) => window.until((state) => state.link.phase === "lost")));
    await Promise.all([first, second].map((window) => window.ready()));
    const next = (await bench.daemon())!;
    assert.notEqual(next.pid, pid);
    assert.deepEqual(bench.daemonProcesses(), [next.pid], "one daemon again");
    assert.equal((await ask(second, "Hello again!")).phase, "ended");

    await first.run("Tiller: Stop Daemon");
    for (const window of [first, second]) {
      await window.status.filter({ hasText: "stopped" }).waitFor();
      await window.until((state) => state.link.phase === "lost" && state.link.problem !== null);
    }
    assert.equal(await bench.daemon(), null);
    await bench.picture(first, "stopped");
    await second.chat.getByRole("button", { name: "Reconnect now" }).click();
    await Promise.all([first, second].map((window) => window.ready()));
    assert.equal(bench.daemonProcesses().length, 1);
  });
});

describe("VS Code: a workspace that is not trusted", () => {
  const bench = useWorkbench({ "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" });

  it("starts no daemon, says why, and does once it is trusted", async () => {
    const window = await bench.open();
    await window.openTiller();
    await window.status.filter({ hasText: "not trusted" }).waitFor();
    await window.until((state) => state.link.phase === "closed");
    await window.chat.locator(".banner").filter({ hasText: "not trusted" }).waitFor();
    assert.deepEqual([await bench.daemon(), bench.daemonProcesses()], [null, []]);
    await bench.picture(window, "untrusted");
    await window.run("Workspaces: Manage Workspace Trust");
    await window.page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
    await window.ready();
    assert.equal(bench.daemonProcesses().length, 1);
  });
});
