/** What is told by a line or a fill can be seen: 3:1 against its ground in every theme, and without colours of our own. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { answered, choosePreset, send, useSite } from "../support/page.ts";

describe("page: lines and fills", () => {
  const site = useSite({ loaded: true });

  for (const theme of ["light", "dark", "contrast"])
    it(`draws a slider's way and a chart's axis at 3:1 or more, ${theme}`, async () => {
      const { page } = site;
      await choosePreset(page, (await site.anyPreset()).id);
      await page.locator(".evidence-details summary").first().click();
      await page.getByRole("combobox", { name: "Theme" }).selectOption(theme);
      await page.waitForFunction((name) => document.documentElement.dataset["theme"] === name, theme);
      const [track, axis, ...grounds] = await page.evaluate(() => {
        const canvas = document.createElement("canvas").getContext("2d")!;
        const bytes = (colour: string) => {
          canvas.fillStyle = colour;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        };
        const style = (selector: string) => getComputedStyle(document.querySelector(selector)!);
        return [
          bytes(style(".slider input[type=range]").getPropertyValue("--line")),
          bytes(style(".evidence-chart .zero").stroke),
          bytes(style(".slider").backgroundColor),
          bytes(style(".side").backgroundColor),
        ];
      });
      for (const ground of grounds)
        for (const line of [track!, axis!]) assert.ok(contrast(line, ground) >= 3, `${line} on ${ground}: ${contrast(line, ground)}`);
    });

  it("keeps bars, the tint's ramp and the kinds of evidence apart in forced colours", async () => {
    const { page } = site;
    await page.emulateMedia({ forcedColors: "active" });
    const { artifacts } = await site.rpc.call("artifact.list");
    await page.getByRole("combobox", { name: "Tint" }).selectOption(artifacts[0].id);
    await choosePreset(page, (await site.anyPreset()).id);
    await send(page, "Tell me a short story about the sea.");
    await answered(page);
    // a click while the answer is drawn for the last time may meet a token that is just replaced
    const alternatives = page.locator(".inspector .alternatives");
    while ((await alternatives.count()) === 0) {
      await page.locator(".tok").first().click();
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
    const seen = await page.evaluate(() => {
      const style = (selector: string, pseudo?: string) => getComputedStyle(document.querySelector(selector)!, pseudo);
      const mark = document.querySelector<HTMLElement>(".evidence-mark")!;
      const verdicts = ["works", "does less"].map((verdict) => {
        mark.dataset["verdict"] = verdict;
        return style(".evidence-mark", "::before").background;
      });
      return {
        bar: style(".alternatives i").backgroundColor,
        ground: style(".inspector").backgroundColor,
        ramp: style(".tint-ramp").backgroundImage,
        verdicts,
      };
    });
    assert.notEqual(seen.bar, seen.ground);
    assert.match(seen.ramp, /gradient/);
    assert.notEqual(seen.verdicts[0], seen.verdicts[1]);
    assert.match(seen.verdicts[1]!, /repeating-linear-gradient/);
  });

  it("leaves the mark of the evidence clear of the ring of a slider that has the focus", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    for (const theme of ["light", "contrast"]) {
      await page.getByRole("combobox", { name: "Theme" }).selectOption(theme);
      await page.locator(".slider input[type=range]").first().focus();
      await page.keyboard.press("ArrowLeft");
      const gap = await page.evaluate(() => {
        const range = document.querySelector(".slider input[type=range]")!;
        const { outlineWidth, outlineOffset } = getComputedStyle(range);
        const ring = range.getBoundingClientRect().bottom + Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
        return document.querySelector(".evidence-mark")!.getBoundingClientRect().top - ring;
      });
      assert.ok(gap >= 0, `${theme}: ${gap}`);
    }
  });
});

/** WCAG 2.2, "contrast ratio", of two sRGB colours. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function luminance(colour: readonly number[]): number {
  const [r, g, b] = colour.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
