/** The panel of a preset in a real VS Code: what it changes in the text, and what the text changes in it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { Frame } from "playwright-core";
import type {} from "../support/page.ts";
import { useWorkbench, type Window } from "../support/workbench.ts";

const TEXT = `# mine, with care
tiller: 2
name: Mine
controls:
  joy: # the first
    use: direction/joy
    strength: 0.4 # milder than it was
    range: [0, 1]
  length: { use: direction/long, strength: 0, range: [-0.4, 0.6] } # off
`;

/** The frame in which the panel is drawn. */
async function panelOf(window: Window): Promise<Frame> {
  for (;;) {
    for (const frame of window.page.frames())
      if (
        (await frame
          .locator(".preset-panel")
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the chat's slider stands there; by its frame, for there are two webviews now. */
async function chatReaches({ page }: Window, strength: number): Promise<void> {
  for (;;) {
    for (const frame of page.frames()) {
      const rack = await frame.evaluate(() => window.tiller?.state.rack.controls ?? []).catch(() => []);
      if (rack.some(({ name, control }) => name === "joy" && control.strength === strength)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the slider stands there. */
async function reaches(panel: Frame, value: string): Promise<void> {
  const slider = panel.locator(".slider[data-name=joy] input[type=range]");
  while ((await slider.inputValue()) !== value) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("VS Code: a preset's panel", () => {
  const bench = useWorkbench();

  it("changes exactly its line of the text, is undone by the editor, follows the text, and steers the chat", async () => {
    const file = join(bench.code.workspace, "mine.steer.yaml");
    writeFileSync(file, TEXT);
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.openFile("mine.steer.yaml");
    await window.run("Tiller: Open Preset Panel to the Side");
    const panel = await panelOf(window);
    const joy = panel.locator(".slider[data-name=joy]");
    const slider = joy.getByRole("slider");
    await joy.locator(".evidence [data-measured]").waitFor();
    assert.equal(await slider.inputValue(), "0.4");
    await bench.picture(window, "preset-panel");

    const saved = async (expected: string): Promise<void> => {
      await window.run("File: Save All");
      while (readFileSync(file, "utf8") !== expected) await new Promise((resolve) => setTimeout(resolve, 100));
    };
    await slider.press("ArrowRight");
    const moved = TEXT.replace("strength: 0.4", "strength: 0.41");
    await saved(moved);
    await joy.getByRole("combobox").selectOption("answer");
    const scoped = `${moved}scope: { joy: answer }\n`;
    await saved(scoped);
    await joy.getByRole("combobox").selectOption("all");
    await saved(moved);

    await panel.getByRole("button", { name: "Apply to the chat" }).click();
    await chatReaches(window, 0.41);
    await panel.locator(".slider[data-name=joy]").getByRole("spinbutton").fill("0.3");
    await panel.locator(".slider[data-name=joy]").getByRole("spinbutton").press("Enter");
    await chatReaches(window, 0.3);
    await saved(TEXT.replace("strength: 0.4", "strength: 0.3"));

    await window.page.locator(".editor-group-container").first().locator(".view-line").first().click();
    await window.page.keyboard.press("Control+z");
    await reaches(panel, "0.41");
    await window.page.keyboard.press("Control+y");
    await reaches(panel, "0.3");
  });
});
