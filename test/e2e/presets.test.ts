import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parsePreset } from "../../daemon/compiler/parse.ts";
import { choosePreset, textOf, useSite } from "../support/page.ts";

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
    await page
      .getByRole("button", { name: /^Reset .* to / })
      .first()
      .click();
    assert.equal(Number(await slider.inputValue()), Object.values(preset.controls)[0]!.strength);
  });
});
