/** Presets as files in a real VS Code: the language server of the packaged extension. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { shippedReceipt } from "../support/receipt.ts";
import { useWorkbench, type Window } from "../support/workbench.ts";

const GOOD = `tiller: 2
name: Mine
controls:
  joy: { use: direction/joy, strength: 0.4, range: [0, 1] } # keep me
`;

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}

const PATIENCE_MS = 5000;

/** Goes to the next problem and takes the fix of that title; where VS Code was not ready for a key, as often as it takes. */
async function mend(window: Window, title: string): Promise<void> {
  const fix = window.page.locator(".action-widget .monaco-list-row").filter({ hasText: title });
  for (;;) {
    for (const key of ["Escape", "F8", "Escape", "Control+."]) await window.page.keyboard.press(key);
    const offered = await fix.waitFor({ timeout: PATIENCE_MS }).then(
      () => true,
      () => false,
    );
    if (offered) break;
  }
  // the menu's own shield lies over it
  await fix.click({ force: true });
}

describe("VS Code: presets as files", () => {
  const bench = useWorkbench();

  it("marks a mistake without a daemon, and the quick fix repairs it", async () => {
    const file = join(bench.code.workspace, "faulty.steer.yaml");
    writeFileSync(file, GOOD.replace("strength", "strenght"));
    const window = await bench.open();
    await window.openFile("faulty.steer.yaml");
    await window.page.locator(".squiggly-error").waitFor();
    await bench.picture(window, "squiggle");
    await mend(window, "Change to 'strength'");
    await window.page.locator(".squiggly-error").waitFor({ state: "detached" });
    await window.page.locator(".view-lines").getByText("keep me").click();
    await until(async () => {
      await window.page.keyboard.press("Control+S");
      return readFileSync(file, "utf8") === GOOD;
    });
    assert.equal(await bench.daemon(), null, "a file that is looked at starts nothing");
  });

  it("shows what was measured once a daemon runs, warns where the evidence ends, and applies the text to the chat", async () => {
    const file = join(bench.code.workspace, "strong.steer.yaml");
    writeFileSync(file, GOOD.replace("0.4", "0.9"));
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.openFile("strong.steer.yaml");
    await window.page.locator(".squiggly-warning").waitFor();
    await window.page.locator(".view-lines").getByText("beyond the evidence (0 to 0.5)").waitFor();
    await bench.picture(window, "evidence");
    await mend(window, "Change to 0.5, where the evidence ends");
    await window.page.locator(".squiggly-warning").waitFor({ state: "detached" });
    const { effect } = shippedReceipt("joy").points.find(({ strength }) => strength === 0.5)!;
    await window.page
      .locator(".view-lines")
      .getByText(`joy +${effect.value.toFixed(2)}`)
      .waitFor();
    await window.page.locator(".codelens-decoration a").filter({ hasText: "Apply" }).click();
    await window.until(({ rack }) => rack.controls.some(({ name, control }) => name === "joy" && control.strength === 0.5));
  });
});
