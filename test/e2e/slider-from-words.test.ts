/** "Make me a slider for …" in the page: words in, a measured slider out. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { textOf, useSite } from "../support/page.ts";

describe("page: a slider from words", () => {
  const site = useSite();

  it("is made from a sentence, measured by the judge, and put into the rack with its evidence", async function () {
    this.timeout(360_000);
    const { page } = site;
    await page.getByRole("button", { name: "New slider …" }).click();
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.getByRole("combobox", { name: "Experiment" }).selectOption("directions/from-words");
    await dialog.getByRole("button", { name: "Start" }).click();
    assert.match(await textOf(dialog.getByRole("alert").first()), /A word, or a sentence .* is needed/);
    await dialog.getByRole("textbox", { name: "A word, or a sentence that asks for it" }).fill("Answer in Spanish.");
    const judge = dialog.getByRole("combobox", { name: /^Judge/ });
    await judge.fill("Spanish");
    await dialog.getByRole("button", { name: "Start" }).click();
    assert.match(await textOf(dialog.getByRole("alert").first()), /looks like emotion\/joy/);
    await judge.fill("language/es");
    await dialog.getByRole("button", { name: "Start" }).click();
    await dialog.waitFor({ state: "hidden" });
    const row = page.getByRole("list", { name: "Jobs" }).getByRole("listitem").first();
    const end = row.getByRole("status");
    await end.waitFor({ timeout: 0 });
    assert.equal(await textOf(end), "Slider from words: direction/answer-in-spanish is done.");
    await row.getByRole("button", { name: "Put it in the rack" }).click();
    const slider = page.getByRole("slider", { name: "Answer in Spanish." });
    const line = page.locator(`[id="${(await slider.getAttribute("aria-describedby"))!.split(" ").at(-1)}"]`);
    assert.match(await textOf(line), /language es \S+ of answers \[.*\] at [\d.]+ \(N \d+\), random control/);
    const { artifacts } = await page.evaluate(() => window.tiller.state.library);
    const { usable, verdict, quick } = artifacts.find(({ id }) => id === "direction/answer-in-spanish")!.receipts[0]!;
    assert.deepEqual([await slider.getAttribute("min"), await slider.getAttribute("max")], [usable.low, usable.high].map(String));
    assert.ok(quick !== null);
    assert.equal(await page.locator(".evidence-mark").getAttribute("data-verdict"), verdict);
  });
});
