/** Values that cannot be used are said and not sent; an error offers only what can mend it; copied text is the answer's own. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { addToCalls, answered, asTokens, choosePreset, limitAnswers, send, stopAnswer, textOf, useSite } from "../support/page.ts";
import { ENDLESS, makeSteeredHome, QUICK, SLOW } from "../support/steered-home.ts";

describe("page: values that cannot be used", () => {
  const site = useSite({ loaded: true });

  it("says what is wrong with a seed and does not send", async () => {
    const { page } = site;
    const seed = page.getByRole("spinbutton", { name: "Seed" });
    for (const [text, said] of [
      ["-5", /from 0 to 4294967295; −5 is not used/],
      ["99999999999", /99999999999 is not used/],
    ] as const) {
      await seed.fill(text);
      await send(page, "Anything");
      assert.match(await textOf(page.locator(".seed-error")), said);
      assert.equal(await page.evaluate(() => Object.keys(window.tiller.state.answers).length), 0);
      assert.equal(await seed.evaluate((input) => input === document.activeElement), true, "the focus goes to it");
      assert.equal(await seed.inputValue(), text);
    }
    await seed.fill("11");
    await send(page, "Anything");
    const [answer] = await answered(page);
    assert.equal(answer!.seed, 11);
    await seed.fill("-1");
    await page.getByRole("button", { name: "Throw a new seed" }).click();
    await page.locator(".seed-error").waitFor({ state: "detached" });
    assert.match(await seed.inputValue(), /^\d+$/);
  });

  it("says what is wrong with a sampling value instead of taking another one", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "Sampling", exact: true }).click();
    const temperature = page.getByRole("spinbutton", { name: "Temperature", exact: true });
    const before = await page.evaluate(() => window.tiller.state.sampling.values.temperature);
    await temperature.fill("-5");
    await page.keyboard.press("Tab");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("-1");
    const said = (await page.locator(".seed-error").boundingBox())!;
    assert.ok(said.y + said.height <= 900, "in view also beside the open panel");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("1");
    assert.match(await textOf(page.locator(".sampling .field-error")), /^Temperature goes from 0 to 5; −5 is not used/);
    assert.equal(await page.evaluate(() => window.tiller.state.sampling.values.temperature), before);
    await send(page, "Anything");
    assert.equal(await page.evaluate(() => Object.keys(window.tiller.state.answers).length), 0);
    await page.getByRole("button", { name: "Reset" }).first().click();
    await page.locator(".sampling .field-error").waitFor({ state: "detached" });
    await temperature.fill("0");
    await send(page, "Anything");
    await answered(page);
    assert.equal(await page.evaluate(() => window.tiller.state.sampling.values.temperature), 0);
  });

  it("refuses an address elsewhere without offering another token", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "Models" }).click();
    const form = page.locator(".download");
    for (const [uri, said] of [
      ["https://example.org/model.gguf", /The address: downloads come from/],
      ["nonsense", /The address: not a URL/],
    ] as const) {
      await form.getByRole("textbox").fill(uri);
      await form.getByRole("button", { name: "Download" }).click();
      const card = form.getByRole("alert").filter({ hasText: said });
      await card.waitFor();
      assert.deepEqual(
        await card.getByRole("button").evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label"))),
        ["Dismiss"],
      );
    }
  });
});

describe("page: copying an answer", () => {
  let random: string;
  const site = useSite({
    async home() {
      const { home, model } = await makeSteeredHome(SLOW);
      random = model.id;
      return home;
    },
  });

  it("takes the text without the marks of moved sliders", async () => {
    const { page } = site;
    await site.rpc.call("model.load", { model: random, options: QUICK });
    await page.getByRole("combobox", { name: "Model" }).selectOption(random);
    await choosePreset(page, "shift");
    await asTokens(page);
    // Room enough that it does not end by itself, however long this machine takes between two steps.
    await limitAnswers(page, 6000);
    await addToCalls(page, "generate.chat", ENDLESS);
    await send(page, "Anything");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 4);
    await page.getByRole("slider", { name: "shift" }).press("End");
    // the token behind it may have no text of its own, and is not seen then
    await page.locator(".change + .tok").waitFor({ state: "attached" });
    await stopAnswer(page);
    const [answer] = await answered(page);
    const copied = await page.evaluate(() => {
      const selection = getSelection()!;
      selection.selectAllChildren(document.querySelector(".answer .tokens")!);
      return selection.toString();
    });
    const words = (text: string) => text.replaceAll(/\s+/g, " ").trim();
    assert.equal(words(copied), words(answer!.text));
  });
});
