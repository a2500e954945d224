/** What an editor's text gets of the model in a real VS Code: a rewritten selection, shown as a difference first. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { useWorkbench } from "../support/workbench.ts";

describe("VS Code: a selection", () => {
  const bench = useWorkbench();

  it("is rewritten by the chat's sliders, and replaced only when the difference was accepted", async () => {
    const file = join(bench.code.workspace, "letter.txt");
    const text = "The shop is open today.\n";
    writeFileSync(file, text);
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.run("Tiller: Apply Preset");
    await window.pick("Joyful");
    await window.until((state) => state.rack.preset === "joyful");
    await window.openFile("letter.txt");
    await window.page.locator(".view-line").first().click();
    await window.page.keyboard.press("Control+a");
    await window.run("Tiller: Rewrite Selection, Steered");
    await window.page.locator(".tab.active").filter({ hasText: "rewritten (steered: joy" }).waitFor();
    await bench.picture(window, "rewrite");
    assert.equal(readFileSync(file, "utf8"), text);
    await window.page.locator(".notifications-toasts").getByRole("button", { name: "Replace the selection" }).click();
    await window.run("File: Save All");
    while (readFileSync(file, "utf8") === text) await new Promise((resolve) => setTimeout(resolve, 100));
  });
});
