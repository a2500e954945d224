/** What is native around the chat: trees, commands, the status bar, themes. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { useWorkbench } from "../support/workbench.ts";

const THEMES = [
  { theme: "Light Modern", name: "light", page: "light" },
  { theme: "Dark Modern", name: "dark", page: "dark" },
  { theme: "Dark High Contrast", name: "contrast", page: "contrast" },
  { theme: "Light High Contrast", name: "contrast-light", page: "light" },
] as const;

describe("VS Code: around the chat", () => {
  const bench = useWorkbench();

  it("lists presets, loads one by a click, saves the sliders under a name, and deletes them again", async () => {
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.section("Presets").click();
    await window.row("Joyful").click();
    await window.until((state) => state.rack.preset === "joyful");

    await window.run("Tiller: Save Sliders as Preset");
    await window.page.locator(".quick-input-widget input").fill("Mine, milder");
    await window.page.keyboard.press("Enter");
    await window.row("Mine, milder").waitFor();
    await window.until((state) => state.rack.preset === "mine-milder" && !state.rack.dirty);
    const file = join(bench.code.home, "presets", "mine-milder.steer.yaml");
    assert.match(readFileSync(file, "utf8"), /direction\/joy/);
    await bench.picture(window, "presets");

    await window.row("Mine, milder").hover();
    await window.row("Mine, milder").getByRole("button", { name: "Delete Preset" }).click();
    await window.row("Mine, milder").waitFor({ state: "detached" });
    assert.ok(!existsSync(file));
  });

  it("follows the editor's theme", async () => {
    const window = await bench.open();
    await window.openTiller();
    for (const { theme, name, page } of THEMES) {
      await window.run("Preferences: Color Theme");
      await window.page.locator(".quick-input-widget input").fill(theme);
      await window.page.keyboard.press("Enter");
      await window.chat.locator(`html[data-theme=${page}][data-host=vscode]`).waitFor({ state: "attached" });
      await bench.picture(window, `theme-${name}`);
    }
  });
});
