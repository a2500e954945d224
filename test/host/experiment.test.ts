/** Experiments from the palette of a real VS Code: chosen from the daemon's list, filled, run, and shown in the editor area. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { useWorkbench, type Window } from "../support/workbench.ts";

const PAIRS = [
  ["What a wonderful, happy day this is!", "The day is a day like others."],
  ["I am so glad and full of joy!", "I am neither here nor there."],
  ["Hooray, we are all delighted!", "We are all present."],
  ["This makes me smile and laugh!", "This makes me write it down."],
];

/** Chooses a field of the form and types what it asks for. */
async function fill(window: Window, field: string, text: string): Promise<void> {
  await window.pick(field);
  const input = window.page.locator(".quick-input-widget input[type=text]");
  await window.page
    .locator(".quick-input-widget .quick-input-title")
    .filter({ hasText: new RegExp(`^${field}`) })
    .waitFor();
  await input.fill(text);
  await window.page.keyboard.press("Enter");
}

/** Waits until a preview shows these words. */
async function shows(window: Window, words: string): Promise<void> {
  for (;;) {
    for (const frame of window.page.frames()) {
      // not by a locator, which would wait in a frame that never has it
      const text = await frame.evaluate(() => document.body.textContent).catch(() => "");
      if (text?.includes(words)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("VS Code: experiments", () => {
  const bench = useWorkbench();

  it("runs one from its form to its artifact, and shows its report in the editor area", async () => {
    const file = join(bench.code.workspace, "pairs.jsonl");
    writeFileSync(file, PAIRS.map(([positive, negative]) => JSON.stringify({ positive, negative })).join("\n"));
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.run("Tiller: Run Experiment");
    await window.pick("Direction from pairs");
    await bench.picture(window, "experiment-form");
    await fill(window, "Contrast pairs", "pairs.jsonl");
    await fill(window, "Name", "glad");
    await window.pick("Run");
    // its report, in the editor area
    await window.page.locator(".tab.active").filter({ hasText: "Preview Direction from pairs" }).waitFor();
    await shows(window, "held-out");
    await bench.picture(window, "experiment-report");
    assert.ok(existsSync(join(bench.code.home, "artifacts", "direction", "glad", "artifact.json")));
    await window.section("Artifacts").click();
    await window.row("glad").waitFor();
  });
});
