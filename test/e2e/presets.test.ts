import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { parsePreset } from "../../daemon/compiler/parse.ts";
import { choosePreset, type Site, textOf, useSite } from "../support/page.ts";

describe("page: presets", () => {
  const site = useSite({ context: { permissions: ["clipboard-read", "clipboard-write"] } });

  it("copies the rack as a preset that reads back as it stands", async () => {
    const { page, rpc } = site;
    const preset = await site.anyPreset();
    await choosePreset(page, preset.id);
    const slider = page.locator(".slider input[type=range]").first();
    await slider.focus();
    await page.keyboard.press("Home");
    const strength = Number(await slider.inputValue());
    await page.getByRole("button", { name: "Copy as preset" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /^Copied$/ })
      .waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const parsed = parsePreset(text);
    assert.ok("preset" in parsed, JSON.stringify(parsed));
    const [name] = Object.keys(preset.controls);
    assert.equal(parsed.preset.controls[name!]!.strength, strength);
    assert.deepEqual(await rpc.call("preset.check", { text }), { problems: [] });

    const saved = await rpc.call("preset.save", { id: "copied", text });
    const { entry } = await rpc.call("preset.get", { id: preset.id });
    const expected = { ...entry.preset, controls: { ...entry.preset.controls } };
    expected.controls[name!] = { ...expected.controls[name!], strength };
    assert.deepEqual(saved.preset, expected);
    await page.reload();
    await site.ready();
    await choosePreset(page, "copied");
    assert.equal(Number(await slider.inputValue()), strength);
  });

  it("saves under a new name and offers it from then on", async () => {
    const { page, rpc } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await page
      .getByRole("spinbutton", { name: /strength as a number$/ })
      .first()
      .fill("0.1");
    await page.keyboard.press("Tab");
    assert.match(await textOf(page.locator(".preset-bar")), /Changed since it was loaded/);
    await page.getByRole("button", { name: "Save as" }).click();
    await page.getByRole("textbox", { name: "Name of the preset" }).fill("Mine, milder");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.tiller.state.rack.preset === "mine-milder");
    const { entry } = await rpc.call("preset.get", { id: "mine-milder" });
    assert.equal(entry.preset.name, "Mine, milder");
    assert.equal((Object.values(entry.preset.controls)[0] as { strength: number }).strength, 0.1);
    await page.reload();
    await site.ready();
    assert.equal(await page.getByRole("combobox", { name: "Preset" }).inputValue(), "mine-milder");
  });

  it("clamps a number to the slider's range and resets to the preset's strength", async () => {
    const { page } = site;
    const preset = await site.anyPreset();
    await choosePreset(page, preset.id);
    const number = page.getByRole("spinbutton", { name: /strength as a number$/ }).first();
    const slider = page.locator(".slider input[type=range]").first();
    await number.fill("99999");
    await page.keyboard.press("Tab");
    assert.equal(await number.inputValue(), await slider.getAttribute("max"));
    assert.equal(await slider.inputValue(), await slider.getAttribute("max"));
    assert.match(await textOf(page.locator(".slider").first()), / goes from .* to .*; wider in its settings\./);
    await page
      .getByRole("button", { name: /^Reset .* to / })
      .first()
      .click();
    assert.equal(Number(await slider.inputValue()), Object.values(preset.controls)[0]!.strength);
  });

  it("says why a shipped preset is not saved in place, and asks before another one is replaced", async () => {
    const { page, rpc } = site;
    const preset = await shippedPreset(site);
    await choosePreset(page, preset.id);
    await moveFirst(page);
    const save = page.getByRole("button", { name: "Save the preset" });
    assert.equal(await save.getAttribute("aria-disabled"), "true");
    assert.match((await save.getAttribute("title"))!, /comes with Tiller: use “Save as”/);
    await save.click({ force: true });
    await page.getByRole("button", { name: "Save as" }).click();
    await page.keyboard.press("Enter");
    const ask = page.locator(".save-as").getByRole("alert");
    assert.match(await textOf(ask), new RegExp(`There is a preset called ${preset.name} already\\. It comes with Tiller`));
    assert.equal((await rpc.call("preset.get", { id: preset.id })).entry.shipped, true, "nothing is written yet");
    await ask.getByRole("button", { name: "Another name" }).click();
    await page.keyboard.type("Another");
    await ask.waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.tiller.state.rack.preset === "another");
    assert.match(await textOf(page.locator(".preset-bar")), /Saved\./);
    await choosePreset(page, preset.id);
    assert.doesNotMatch(await textOf(page.locator(".preset-bar")), /Saved/);
    await choosePreset(page, "another");
    assert.doesNotMatch(await textOf(page.locator(".preset-bar")), /Saved/);
  });

  it("lets a user's own preset hide a shipped one, goes back to the shipped one, and undoes that", async () => {
    const { page, rpc } = site;
    const preset = await shippedPreset(site);
    await choosePreset(page, preset.id);
    const moved = await moveFirst(page);
    await page.getByRole("button", { name: "Save as" }).click();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Replace" }).click();
    await page.getByText("Hides a shipped one.").waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "rack-save-as");
    const yours = page.locator("#rack-preset optgroup[label=Yours] option");
    assert.ok((await yours.allTextContents()).includes(preset.name));
    await page.getByRole("button", { name: "Back to the shipped one" }).click();
    const undo = page.getByRole("button", { name: "Undo" });
    await undo.waitFor();
    assert.equal((await rpc.call("preset.get", { id: preset.id })).entry.shipped, true);
    const slider = page.locator(".slider input[type=range]").first();
    assert.equal(Number(await slider.inputValue()), Object.values(preset.controls)[0]!.strength);
    await undo.click();
    await undo.waitFor({ state: "detached" });
    assert.equal(Number(await slider.inputValue()), moved);
    assert.deepEqual((await rpc.call("preset.get", { id: preset.id })).entry.hides, true);
    await rpc.call("preset.delete", { id: preset.id });
  });

  it("saves under a name in any script, deletes it, and brings it back", async () => {
    const { page, rpc } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await page.getByRole("button", { name: "Save as" }).click();
    await page.keyboard.type("日本");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => window.tiller.state.rack.name === "日本");
    const id = await page.evaluate(() => window.tiller.state.rack.preset!);
    assert.equal((await rpc.call("preset.get", { id })).entry.preset.name, "日本");
    await page.getByRole("button", { name: "Delete the preset" }).click();
    const undo = page.getByRole("button", { name: "Undo" });
    await undo.waitFor();
    assert.match(await textOf(page.locator(".undo")), /Deleted “日本”/);
    assert.equal((await rpc.refused("preset.get", { id })).code, "not-found");
    await undo.click();
    await page.waitForFunction((wanted) => window.tiller.state.rack.preset === wanted, id);
    assert.equal((await rpc.call("preset.get", { id })).entry.preset.name, "日本");
  });

  it("has its name selected when the form opens, and Escape closes it", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    const button = page.getByRole("button", { name: "Save as" });
    await button.click();
    const name = page.getByRole("textbox", { name: "Name of the preset" });
    await name.waitFor();
    const [selected, whole] = await name.evaluate((input: HTMLInputElement) => [
      input.selectionEnd! - input.selectionStart!,
      input.value.length,
    ]);
    assert.equal(selected, whole);
    await page.keyboard.press("Escape");
    await name.waitFor({ state: "detached" });
    assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  });

  it("says nothing of changes where no preset was chosen", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Add slider" }).click();
    await page.locator(".slider").waitFor();
    assert.doesNotMatch(await textOf(page.locator(".preset-bar")), /Changed/);
  });
});

async function shippedPreset({ rpc }: Site): Promise<{ id: string; name: string; controls: Record<string, { strength: number }> }> {
  const { presets } = await rpc.call("preset.list");
  const entry = presets.find(({ shipped, problem }: { shipped: boolean; problem: unknown }) => shipped && problem === null);
  return { id: entry.id, name: entry.preset.name, controls: entry.preset.controls };
}

/** To its lower end. */
async function moveFirst(page: Page): Promise<number> {
  const slider = page.locator(".slider input[type=range]").first();
  await slider.focus();
  await page.keyboard.press("Home");
  return Number(await slider.inputValue());
}
