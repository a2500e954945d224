/** What the page says about the evidence behind a slider: the line, the mark, the chart, and that none of them needs a mouse. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "mocha";
import { PresetStore } from "../../daemon/store/presets.ts";
import { foundDirection } from "../support/artifact.ts";
import { makeHome, type TestHome } from "../support/daemon.ts";
import { choosePreset, textOf, useSite } from "../support/page.ts";
import { GOOD, receiptOf } from "../support/receipt.ts";
import { artifactStore } from "../support/store.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const USELESS = { ...GOOD, "random 1": [0.6, 1.6], "random -1": [0.1, 1.6] } as const;

/** Receipts of figures that are known: usable from −1 to 1 on a slider from −2 to 2. */
function evidenceHome(): TestHome {
  const home = makeHome();
  const store = artifactStore(home.paths);
  const presets = new PresetStore(home.paths);
  for (const [name, arms] of [
    ["good", GOOD],
    ["useless", USELESS],
    ["unmeasured", null],
  ] as const) {
    const id = `direction/${name}`;
    const { hash } = store.save(foundDirection({ id, layers: 5, width: 256, used: [1, 2] }));
    if (arms !== null) store.saveReceipt({ ...receiptOf(arms), artifact: { id, sha256: hash } });
    presets.save(name, `tiller: 1\nname: ${name}\ncontrols:\n  joy: { use: ${id}, strength: 1, range: [-2, 2] }\n`);
  }
  presets.save("other", "tiller: 1\nname: other\ncontrols:\n  joy: { use: direction/good, strength: 1, range: [-2, 2], layers: 3-4 }\n");
  return home;
}

describe("page: evidence under a slider", () => {
  const site = useSite({ home: async () => evidenceHome() });

  it("says the receipt in one line, and marks where the evidence ends", async () => {
    const { page } = site;
    await choosePreset(page, "good");
    const slider = page.getByRole("slider", { name: "joy" });
    const line = page.locator(`[id="${(await slider.getAttribute("aria-describedby"))!.split(" ").at(-1)}"]`);
    assert.match(await textOf(line), /^works: joy \+0\.4 of answers \[0\.4, 0\.4\] at 1 \(N 200\), random control 0, prompt \+0\.5/);
    assert.match(await textOf(line), /evidence from −1 to 1$/);
    const mark = page.locator(".evidence-mark");
    assert.equal(await mark.getAttribute("data-ends"), "low high");
    assert.deepEqual(
      await mark.evaluate((node) => ["--from", "--to"].map((name) => Number((node as HTMLElement).style.getPropertyValue(name)))),
      [0.25, 0.75],
    );
    await slider.focus();
    await page.keyboard.press("End");
    assert.match(
      await textOf(line),
      /^Over the damage bounds: held-out text loses \+0\.40 of at most \+0\.25 bits per byte\. At 2: joy \+0\.70 of answers .*joy \+0\.4/,
    );
    await page.keyboard.press("Home");
    assert.match(await textOf(line), /^Beyond what was measured \(−1 to 2\)\. works: joy/);
  });

  it("opens the chart by the keyboard; it has a name, and every number stands in a table", async () => {
    const { page } = site;
    await choosePreset(page, "good");
    const summary = page.locator(".evidence-details summary");
    await summary.focus();
    await page.keyboard.press("Enter");
    const chart = page.getByRole("img", { name: /^joy and damage over strength\. works: joy \+0\.4/ });
    assert.ok(await chart.isVisible());
    assert.equal(await chart.locator(".effect-dot").count(), 4);
    assert.equal(await chart.locator(".effect-dot[data-over]").count(), 1);
    assert.equal(await chart.locator(".usable").count(), 2);
    const rows = page.locator(".evidence-table tbody tr");
    assert.equal(await rows.count(), 5);
    assert.match(await textOf(rows.nth(3)), /^2200.*over$/);
    // Lines and marks keep to the theme's colours, in each of them.
    const colours = new Set<string>();
    for (const theme of ["light", "dark", "contrast"]) {
      await page.evaluate((name) => document.documentElement.setAttribute("data-theme", name), theme);
      colours.add(await chart.locator(".effect-line").evaluate((node) => getComputedStyle(node).stroke));
      const inside = await chart.evaluate((node) => {
        const box = node.getBoundingClientRect();
        return [...node.querySelectorAll("text")].every((text) => {
          const own = text.getBoundingClientRect();
          return own.left >= box.left - 1 && own.right <= box.right + 1 && own.bottom <= box.bottom + 1;
        });
      });
      assert.ok(inside, `a text of the chart is cut off (${theme})`);
      await page.evaluate(AXE);
      const violations = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(at: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run(".slider")).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      assert.deepEqual(violations, [], theme);
      const folder = process.env["TILLER_SCREENSHOTS"];
      if (folder !== undefined) await page.locator(".rack").screenshot({ path: `${folder}/evidence-${theme}.png` });
    }
    assert.equal(colours.size, 3);
  });

  it("measures a slider that nobody measured, by a judge and against a prompt", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "New slider …" }).waitFor();
    await choosePreset(page, "spanish");
    await page.locator(".measure-details summary").focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("form", { name: "Measure Spanish" });
    const start = form.getByRole("button", { name: "Measure", exact: true });
    assert.equal(await form.getByRole("combobox", { name: "Judge" }).inputValue(), "language/es");
    assert.ok(await form.getByRole("button", { name: "Measure again as it was" }).isVisible());
    await form.getByRole("combobox", { name: "Judge" }).fill("");
    await start.click();
    assert.match(await textOf(form.getByRole("alert")), /looks like emotion\/joy/);
    for (const name of ["language/es", "emotion/joy", "length:words"])
      await form.locator(`datalist option[value="${name}"]`).waitFor({ state: "attached" });
    await form.getByRole("combobox", { name: "Judge" }).fill("language/es");
    await start.click();
    assert.match(await textOf(form.getByRole("alert")), /which prompt/);
    await form.getByRole("textbox", { name: /^Prompt/ }).fill("Answer in Spanish.");
    await start.click();
    await form.waitFor({ state: "hidden" });
    const row = page.getByRole("list", { name: "Jobs" }).getByRole("listitem").first();
    await row.getByRole("progressbar").waitFor();
    await row.getByRole("button", { name: "Cancel" }).click();
    assert.match(await textOf(row.getByRole("status")), /^Receipt: direction\/\S+ cancelled\.$/);
  });

  it("labels a control that does no more than random directions, one that nobody measured, and other settings", async () => {
    const { page } = site;
    await choosePreset(page, "useless");
    assert.match(
      await textOf(page.locator(".evidence [data-verdict='does less']")),
      /^does (nothing that way|less than \S+ of answers) beyond random directions: joy/,
    );
    await choosePreset(page, "unmeasured");
    assert.match(await textOf(page.locator(".evidence")), /no evidence of its effect measured yet/);
    assert.equal(await page.locator(".evidence-mark").count(), 0);
    await choosePreset(page, "other");
    assert.match(await textOf(page.locator(".evidence-note")), /measured with other settings: at layers 1–2/);
    assert.equal(await page.locator(".evidence-mark").getAttribute("data-other"), "");
  });
});
