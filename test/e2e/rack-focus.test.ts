/** The keyboard never falls back to the page's start: whatever goes away hands the focus on. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { choosePreset, useSite } from "../support/page.ts";

describe("page: where the focus goes in the rack", () => {
  const site = useSite();

  it("stays on Reset, Reset all and Save, which have nothing more to do then", async () => {
    const { page, rpc } = site;
    await rpc.call("preset.save", { id: "own", text: "tiller: 1\nname: Own\ncontrols:\n  joy: { use: direction/joy, strength: 0.5 }\n" });
    await page.reload();
    await site.ready();
    await choosePreset(page, "own");
    for (const name of [/^Reset joy to/, /^Reset all$/, /^Save the preset$/]) {
      await page.getByRole("slider", { name: "joy" }).focus();
      await page.keyboard.press("ArrowRight");
      const button = page.getByRole("button", { name });
      await button.press("Enter");
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-disabled") === "true");
      await page.keyboard.press("Enter");
    }
    assert.equal((await rpc.call("preset.get", { id: "own" })).entry.preset.controls.joy.strength > 0.5, true);
  });

  it("goes from Add to the new slider, and back to the button on Cancel and Escape", async () => {
    const { page } = site;
    const add = page.getByRole("button", { name: "Add", exact: true });
    for (const leave of ["Cancel", "Escape"]) {
      await add.press("Enter");
      const form = page.getByRole("form", { name: "Add a slider" });
      if (leave === "Cancel") await form.getByRole("button", { name: "Cancel" }).press("Enter");
      else await form.getByRole("textbox", { name: "Name" }).press("Escape");
      await focusIsOn(page, "#rack-add");
      assert.equal(await form.count(), 0);
    }
    await add.press("Enter");
    await page.getByRole("button", { name: "Add slider" }).press("Enter");
    await focusIsOn(page, ".slider input[type=range]");
  });

  it("returns to the settings button from Done and Escape, and goes to Undo from Remove and on to the slider", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    const more = page.getByRole("button", { name: /^Settings of/ });
    for (const leave of ["Done", "Escape"]) {
      await more.press("Enter");
      if (leave === "Done") await page.getByRole("button", { name: "Done" }).press("Enter");
      else await page.getByRole("textbox", { name: "Layers" }).press("Escape");
      await focusIsOn(page, ".slider-more");
      assert.equal(await page.locator(".slider-settings").count(), 0);
    }
    await more.press("Enter");
    await page.getByRole("button", { name: "Remove" }).press("Enter");
    await focusIsOn(page, "#rack-undo");
    await page.keyboard.press("Enter");
    await focusIsOn(page, ".slider input[type=range]");
  });

  it("stays on Earlier and Later while the sliders change places", async () => {
    const { page } = site;
    for (let i = 0; i < 2; i++) {
      await page.getByRole("button", { name: "Add", exact: true }).press("Enter");
      await page.getByRole("button", { name: "Add slider" }).press("Enter");
      await page.waitForFunction((count) => window.tiller.state.rack.controls.length === count, i + 1);
    }
    const [first, second] = await page.evaluate(() => window.tiller.state.rack.controls.map(({ name }) => name));
    await page
      .getByRole("button", { name: /^Settings of/ })
      .first()
      .press("Enter");
    for (const [button, order] of [
      ["Later", [second, first]],
      ["Earlier", [first, second]],
    ] as const) {
      await page.getByRole("button", { name: button }).press("Enter");
      await focusIsOn(page, `.slider[data-name="${first}"] [data-by]`);
      assert.deepEqual(await page.evaluate(() => window.tiller.state.rack.controls.map(({ name }) => name)), order);
    }
  });

  it("returns from a new slider's dialog, stays with its job, and goes on after Dismiss", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "New slider …" }).press("Enter");
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.getByRole("combobox", { name: "Experiment" }).selectOption("directions/from-pairs");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Slow");
    await dialog.getByRole("textbox", { name: "Template with the property" }).fill("Good: {}");
    await dialog.getByRole("textbox", { name: "Template without it" }).fill("Bad: {}");
    await dialog
      .getByRole("textbox", { name: "Texts for {}, one a line" })
      .fill(Array.from({ length: 300 }, (_, i) => `text ${i}`).join("\n"));
    await dialog.getByRole("button", { name: "Start" }).press("Enter");
    await dialog.waitFor({ state: "detached" });
    await focusIsOn(page, "#rack-new-slider");
    await page.getByRole("list", { name: "Jobs" }).getByRole("button", { name: "Cancel" }).press("Enter");
    await page.waitForFunction(() => document.activeElement?.textContent === "Dismiss");
    assert.match((await page.locator(".job").textContent())!, /^Direction from pairs: direction\/slow cancelled\./);
    await page.keyboard.press("Enter");
    await focusIsOn(page, "#rack-new-slider");
    assert.equal(await page.locator(".job").count(), 0);
  });
});

async function focusIsOn(page: Page, selector: string): Promise<void> {
  await page.waitForFunction((wanted) => document.activeElement?.matches(wanted) === true, selector);
}
