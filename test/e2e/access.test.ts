/** What automatic checks can say about accessibility, in every theme and view; and media preferences. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { answered, choosePreset, send, useSite } from "../support/page.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const THEMES = ["light", "dark", "contrast"];

describe("page: accessibility", () => {
  const site = useSite({ context: { reducedMotion: "reduce" }, loaded: true });

  for (const theme of THEMES) {
    it(`has no violation that axe finds, ${theme}: chat, sliders, live, compare, models`, async () => {
      const { page } = site;
      await page.getByRole("combobox", { name: "Theme" }).selectOption(theme);
      await check(page, "the empty page");
      const { artifacts } = await site.rpc.call("artifact.list");
      await page.getByRole("combobox", { name: "Tint" }).selectOption(artifacts[0].id);
      await choosePreset(page, (await site.anyPreset()).id);
      await page.getByRole("button", { name: "Sampling", exact: true }).click();
      await send(page, "Tell me a short story about the sea.");
      await answered(page);
      await page.locator(".tok").first().click();
      await page
        .getByRole("button", { name: /^Settings of / })
        .first()
        .click();
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await check(page, "an answer, its inspector, and the rack");
      await page.getByRole("button", { name: "New slider …" }).click();
      await check(page, "the dialog of a new slider");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Compare steered with plain" }).click();
      await page.waitForFunction(() => {
        const { compare, answers } = window.tiller.state;
        return answers[compare.plain ?? ""]?.phase === "ended" && answers[compare.steered ?? ""]?.phase === "ended";
      });
      await check(page, "the comparison");
      await page.getByRole("button", { name: "Models", exact: true }).click();
      await page.locator(".model button[aria-expanded]").first().click();
      await page.locator(".estimate").waitFor();
      await check(page, "the models");
      await page.setViewportSize({ width: 380, height: 760 });
      for (const view of ["Chat", "Sliders", "Live", "Compare", "Models"]) {
        await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view, exact: true }).click();
        await check(page, `${view}, narrow`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${view} fits 380 pixels`);
      }
    });
  }

  it("follows the system's wishes: dark, more contrast, forced colours, reduced motion", async () => {
    const { page } = site;
    const becomes = (theme: string) => page.waitForFunction((name) => document.documentElement.dataset["theme"] === name, theme);
    await page.emulateMedia({ colorScheme: "dark" });
    await becomes("dark");
    await page.emulateMedia({ colorScheme: "light" });
    await becomes("light");
    await page.emulateMedia({ contrast: "more" });
    await becomes("contrast");
    await page.emulateMedia({ contrast: null });
    await becomes("light");
    await page.emulateMedia({ forcedColors: "active" });
    await becomes("contrast");
    // A choice of one's own comes first.
    await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
    await becomes("dark");
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element);
          return animationName !== "none" || transitionDuration.split(",").some((time) => Number.parseFloat(time) > 0);
        }).length,
    );
    assert.equal(moving, 0, "nothing moves by itself");
  });

  it("takes VS Code's colours while its theme is followed, and its own under another choice", async () => {
    const { page } = site;
    await page.evaluate(() => {
      document.body.classList.add("vscode-dark");
      document.documentElement.style.setProperty("--vscode-editor-background", "rgb(1, 2, 3)");
    });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
    assert.equal(await page.evaluate(() => document.documentElement.dataset["theme"]), "dark");
    await page.getByRole("combobox", { name: "Theme" }).selectOption("light");
    assert.notEqual(await ground(), "rgb(1, 2, 3)");
  });

  it("reads a streamed answer out by sentences, politely", async () => {
    const { page } = site;
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver((records) => {
        for (const { target, addedNodes } of records)
          if ((target as Element).matches?.("[aria-live=polite]")) for (const node of addedNodes) said.push(node.textContent ?? "");
      }).observe(document.body, { subtree: true, childList: true });
    });
    await send(page, "Tell me a short story about the sea.");
    const [answer] = await answered(page);
    await page.waitForFunction(
      (end) => (window as unknown as { said: string[] }).said.at(-1)?.endsWith(end),
      answer!.text.trim().slice(-8),
    );
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.equal(said.join(" ").replaceAll(/\s+/g, " "), answer!.text.trim().replaceAll(/\s+/g, " "));
    for (const part of said.slice(0, -1)) assert.match(part, /[.!?…]["'”’)\]]*$/);
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

async function check(page: Page, what: string): Promise<void> {
  // Through the debugger: the page's own content policy allows no other script.
  const violations = await page.evaluate(async (source) => {
    if (!("axe" in window)) new Function(source).call(window);
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const result = await axe.run();
    return result.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
  }, AXE);
  const list = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
  assert.deepEqual(list, [], what);
}
