import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { answered, asTokens, choosePreset, textOf, useSite } from "../support/page.ts";

interface Stop {
  readonly name: string;
  readonly tag: string;
  /** an outline, or a border that changes, on the element or the box around it */
  readonly ring: boolean;
  readonly visible: boolean;
}

describe("page: by keyboard alone", () => {
  const site = useSite({ loaded: true });

  it("reaches every control in the order of the page, with a visible ring, and traps nobody", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const stops = await walk(page);
    const names = stops.map(({ name }) => name);
    assert.equal(names[0], "Skip to the content");
    const order = ["Chat", "Compare", "Models", "New conversation", "Message", "Sampling", "Preset", "Add", "Live neurons", "Site"];
    const places = order.map((name) => names.indexOf(name));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
      `order ${names.join(" | ")}`,
    );
    assert.ok(
      places.every((place) => place >= 0),
      `reached ${names.join(" | ")}`,
    );
    for (const stop of stops)
      assert.ok(stop.ring && stop.visible && stop.name !== "", `${stop.tag} “${stop.name}”: ${JSON.stringify(stop)}`);

    const reachable = await page.evaluate(() => {
      const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary, [tabindex='0']")];
      return all.filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(":disabled")).length;
    });
    assert.equal(stops.length, reachable, `all ${reachable} are reached: ${names.join(" | ")}`);
  });

  it("skips to the content", async () => {
    const { page } = site;
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  });

  it("asks, moves a slider, looks at a token, regenerates", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await tabTo(page, "Message");
    await page.keyboard.type("Tell me a short story about the sea.");
    await page.keyboard.press("Enter");
    const [answer] = await answered(page);
    await asTokens(page);

    const title = await textOf(page.locator(".slider-title").first());
    await tabTo(page, title);
    const slider = page.locator(".slider input[type=range]").first();
    const before = Number(await slider.inputValue());
    await page.keyboard.press("ArrowLeft");
    const step = Number(await slider.getAttribute("step"));
    assert.ok(Math.abs(Number(await slider.inputValue()) - (before - step)) < 1e-9);
    assert.match((await slider.getAttribute("aria-valuetext"))!, /^−?[\d.]+(, beyond the evidence)?$/);
    await page.keyboard.press("Home");
    assert.equal(await slider.inputValue(), await slider.getAttribute("min"));
    await page.keyboard.press("End");
    assert.equal(await slider.inputValue(), await slider.getAttribute("max"));

    await tabTo(page, null, (stop) => stop.tag === "SPAN");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const inspector = page.locator(".inspector");
    assert.match(await textOf(inspector), new RegExp(`token 2 .*id ${answer!.tokens[2]!.id}`));
    assert.ok((await inspector.locator("li").count()) > 1, "the alternatives");
    await page.keyboard.press("End");
    assert.match(await textOf(inspector), new RegExp(`token ${answer!.tokens.length - 1} `));
    await page.keyboard.press("Escape");
    assert.equal(await inspector.count(), 0);

    await tabTo(page, "Regenerate");
    await page.keyboard.press("Enter");
    await page.getByText("2/2").waitFor();
    await answered(page);
  });

  it("opens and closes the dialog of a new slider and gives the focus back", async () => {
    const { page } = site;
    await tabTo(page, "New slider …");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    assert.equal(await focused(page).then(({ name }) => name), "Experiment");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.equal(await focused(page).then(({ name }) => name), "New slider …");
  });
});

/** Tab from where the focus is until it leaves the page or comes round. */
async function walk(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return true;
      if (element.dataset["walked"] !== undefined) return true;
      element.dataset["walked"] = "";
      return false;
    });
    if (first) return stops;
    stops.push(await focused(page));
  }
  return stops;
}

async function tabTo(page: Page, name: string | null, wanted: (stop: Stop) => boolean = (stop) => stop.name === name): Promise<void> {
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press("Tab");
    if (wanted(await focused(page))) return;
  }
  throw new Error(`the Tab key never came to ${name}`);
}

function focused(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const labels = (element as HTMLInputElement).labels;
    const own = labels?.[0];
    const text =
      own === undefined || own === null
        ? element.textContent
        : [...own.childNodes]
            .filter((node) => !node.contains(element))
            .map((node) => node.textContent)
            .join("");
    const name = element.getAttribute("aria-label") ?? text?.trim() ?? "";
    const outlined = (one: Element | null) => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    };
    const box = element.getBoundingClientRect();
    return {
      name: name.trim(),
      tag: element.tagName,
      ring: outlined(element) || outlined(element.closest(".composer-box")),
      visible: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    };
  });
}
