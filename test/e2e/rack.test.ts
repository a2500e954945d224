/** The sliders of the rack: their steps, what is said of them, wrong input, and the way back from what throws them away. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { choosePreset, textOf, useSite } from "../support/page.ts";

describe("page: sliders of the rack", () => {
  const site = useSite();
  const range = (page: Page) => page.locator(".slider input[type=range]").first();
  const number = (page: Page) => page.locator(".slider input[type=number]").first();
  const strength = (page: Page) => page.evaluate(() => window.tiller.state.rack.controls[0]!.control.strength);

  it("stand at the very strength of every shipped preset, and move by one step, also as numbers", async () => {
    const { page, rpc } = site;
    const { presets } = await rpc.call("preset.list");
    const shipped = presets.filter(({ preset, shipped }: { preset: unknown; shipped: boolean }) => preset !== null && shipped);
    assert.ok(shipped.length >= 3);
    for (const { id, preset } of shipped) {
      await choosePreset(page, id);
      const [control] = Object.values(preset.controls) as { strength: number }[];
      assert.equal(Number(await range(page).inputValue()), control!.strength, id);
      const step = Number(await range(page).getAttribute("step"));
      assert.ok(step > 0 && step < 0.1, id);
      await number(page).focus();
      await page.keyboard.press("ArrowUp");
      assert.ok(Math.abs((await strength(page)) - control!.strength - step) < 1e-9, `${id}: ${await strength(page)}`);
      await page.keyboard.press("ArrowDown");
      assert.equal(Number(await range(page).inputValue()), control!.strength, id);
    }
  });

  it("show a strength between two steps where it is", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await number(page).fill("0.3333");
    await page.keyboard.press("Tab");
    assert.equal(await range(page).inputValue(), "0.3333");
    await range(page).focus();
    await page.keyboard.press("Home");
    assert.equal(await range(page).inputValue(), await range(page).getAttribute("min"));
    assert.notEqual(await range(page).getAttribute("step"), "any");
  });

  it("are read out with the strength alone; where they act is in their description", async () => {
    const { page } = site;
    await choosePreset(page, "joyful");
    assert.equal(await range(page).getAttribute("aria-valuetext"), "0.4");
    await range(page).focus();
    await page.keyboard.press("End");
    assert.equal(await range(page).getAttribute("aria-valuetext"), "1, beyond the evidence");
    const ids = (await range(page).getAttribute("aria-describedby"))!.split(" ");
    const described = await page.evaluate((all) => all.map((id) => document.getElementById(id)?.textContent), ids);
    assert.match(described.join(" "), /add · layers \d.*evidence/);
  });

  it("say what is wrong with their settings, and keep what was typed until it is right", async () => {
    const { page } = site;
    await choosePreset(page, "joyful");
    await page.getByRole("button", { name: "Settings of Joyful" }).click();
    const settings = page.locator(".slider-settings");
    const [from, to] = [settings.getByRole("spinbutton", { name: "From" }), settings.getByRole("spinbutton", { name: "To" })];
    await from.fill("5");
    await page.keyboard.press("Tab");
    assert.match(await textOf(settings.getByRole("alert")), /“From” must be below “To”/);
    assert.deepEqual([await from.inputValue(), await range(page).getAttribute("min")], ["5", "0"]);
    await to.fill("9");
    await page.keyboard.press("Tab");
    assert.equal(await settings.getByRole("alert").count(), 0);
    assert.deepEqual([await range(page).getAttribute("min"), await range(page).getAttribute("max")], ["5", "9"]);
    const layers = settings.getByRole("textbox", { name: "Layers" });
    for (const [typed, said] of [
      ["99", /no layer 99: the model has layers 0 to 7/],
      ["a", /like 3-6/],
    ] as const) {
      await layers.fill(typed);
      await page.keyboard.press("Tab");
      assert.match(await textOf(settings.getByRole("alert")), said);
      assert.equal(await layers.inputValue(), typed);
    }
    await layers.fill("2-3");
    await page.keyboard.press("Tab");
    assert.equal(await settings.getByRole("alert").count(), 0);
    assert.equal(await page.evaluate(() => window.tiller.state.rack.controls[0]!.control.with?.["layers"]), "2-3");
  });

  it("come back after another preset was chosen, and after Remove", async () => {
    const { page } = site;
    await choosePreset(page, "joyful");
    await range(page).focus();
    await page.keyboard.press("Home");
    await choosePreset(page, "spanish");
    assert.match(await textOf(page.locator(".undo")), /Left “Joyful” with its changes/);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForFunction(() => window.tiller.state.rack.preset === "joyful");
    assert.equal(await strength(page), 0);
    await page.getByRole("button", { name: "Settings of Joyful" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    const panel = page.locator(".rack .panel-body");
    assert.match(await textOf(panel), /Removed Joyful\..*No sliders yet/);
    assert.doesNotMatch(await textOf(panel), /Answers more joyfully/);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("slider", { name: "Joyful" }).waitFor();
    assert.equal(await strength(page), 0);
    assert.match(await textOf(panel), /Answers more joyfully/);
  });

  it("have errors that can be read: the buttons are below the text", async () => {
    const { page } = site;
    await choosePreset(page, "joyful");
    await page.evaluate(() => {
      const { client } = window.tiller;
      client.call = () => Promise.reject(Object.assign(new Error("another change is under way"), { code: "conflict" }));
    });
    await page.getByRole("button", { name: "Save as" }).click();
    await page.keyboard.press("Enter");
    const card = page.locator(".rack .problem");
    await card.waitFor();
    const [whole, text] = await Promise.all([card.boundingBox(), card.locator(".problem-text").boundingBox()]);
    assert.ok(text!.width > whole!.width * 0.75, `${text!.width} of ${whole!.width}`);
  });
});
