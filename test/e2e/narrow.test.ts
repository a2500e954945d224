/** Little room: what steers stays in view beside the answer, and nothing is cut to a letter or hidden under a heading. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { answered, choosePreset, send, textOf, useSite } from "../support/page.ts";

/** As 1280 × 720 at a zoom of 200 %. */
const ZOOMED = { width: 640, height: 360 };
const SMALL = { width: 320, height: 640 };

describe("page: little room", () => {
  const site = useSite({ loaded: true });

  it("shows preset and sliders above the composer where the steering column is away, and only there", async () => {
    const { page } = site;
    const preset = await site.anyPreset();
    const [name] = Object.keys(preset.controls);
    await choosePreset(page, preset.id);
    const strip = page.getByRole("region", { name: "Sliders that are on" });
    assert.equal(await strip.count(), 0, "wide");
    for (const size of [ZOOMED, SMALL]) {
      await page.setViewportSize(size);
      await strip.waitFor();
      assert.match(await textOf(strip), new RegExp(`^${preset.name}`));
      await send(page, "Tell me a short story about the sea.");
      await answered(page, size === ZOOMED ? 1 : 2);
      for (const part of [strip.getByRole("slider"), page.locator(".answer .rendered").last()]) {
        const box = (await part.boundingBox())!;
        assert.ok(box.y < size.height && box.y + box.height > 0, `in view at ${size.width}`);
      }
    }
    const slider = strip.getByRole("slider");
    await slider.press("End");
    const strength = Number(await slider.getAttribute("max"));
    assert.equal(
      await page.evaluate((key) => window.tiller.state.rack.controls.find((one) => one.name === key)?.control.strength, name),
      strength,
    );
    await strip.getByText("(changed)").waitFor();
    await page.locator(".views button[data-view=sliders]").click();
    assert.equal(await page.locator(".slider input[type=range]").first().inputValue(), String(strength));
    await page.locator(".slider .switch").first().uncheck();
    await page.locator(".views button[data-view=chat]").click();
    await strip.getByText("every slider is off").waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });

  it("leaves the conversation's title room for words", async () => {
    const { page } = site;
    await send(page, "Tell me a short story about the sea.");
    await answered(page);
    for (const size of [{ width: 900, height: 600 }, SMALL]) {
      await page.setViewportSize(size);
      const box = (await page.locator(".talk-title").boundingBox())!;
      assert.ok(box.width >= 160, `${box.width} pixels`);
    }
  });

  it("does not put the focus under the heading that stays at the top", async () => {
    const { page } = site;
    await page.setViewportSize({ width: 1280, height: 500 });
    await choosePreset(page, (await site.anyPreset()).id);
    await page.locator(".evidence-details summary").first().click();
    await page.locator(".heat .fields select").last().focus();
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press("Shift+Tab");
      const place = await hidden(page);
      if (place === null) break;
      assert.equal(place, "", "hidden under a heading");
    }
  });

  it("writes the chart in letters of 11 pixels at least", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await page.locator(".evidence-details summary").first().click();
    for (const size of [{ width: 1280, height: 720 }, SMALL]) {
      await page.setViewportSize(size);
      if (size === SMALL) await page.locator(".views button[data-view=sliders]").click();
      const smallest = await page
        .locator(".evidence-chart text")
        .evaluateAll((texts) =>
          Math.min(...texts.map((text) => Number.parseFloat(getComputedStyle(text).fontSize) * (text as SVGTextElement).getScreenCTM()!.a)),
        );
      assert.ok(smallest >= 10.99, `${smallest} at ${size.width}`);
    }
  });
});

/** What has the focus, if a heading covers its upper edge; "" if none does; null outside the steering column. */
function hidden(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element.closest(".side") === null) return null;
    const heading = element.closest(".panel")!.querySelector(".panel-head")!;
    if (heading.contains(element)) return "";
    const covered = element.getBoundingClientRect().top < heading.getBoundingClientRect().bottom - 0.5;
    return covered ? element.outerHTML.slice(0, 120) : "";
  });
}
