/** What is written and not sent stays, wherever one goes meanwhile; and a comparison does not hold up the chat. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { addToCalls, answered, limitAnswers, send, stopAnswer, useSite } from "../support/page.ts";
import { ENDLESS, makeSteeredHome, QUICK, SLOW } from "../support/steered-home.ts";

const DRAFT = "Half a question\nabout the sea";

describe("page: drafts", () => {
  let random: string;
  const site = useSite({
    async home() {
      const { home, model } = await makeSteeredHome(SLOW);
      random = model.id;
      return home;
    },
    loaded: true,
  });
  const message = (page: Page) => page.locator("#question");
  const view = (page: Page, name: string) =>
    page.getByRole("navigation", { name: "Views" }).getByRole("button", { name, exact: true }).click();

  it("keeps the draft in other views, over a reload, and apart in each conversation", async () => {
    const { page } = site;
    await send(page, "Good morning!");
    await answered(page);
    await message(page).fill(DRAFT);
    for (const name of ["Compare", "Models"]) {
      await view(page, name);
      await view(page, "Chat");
      assert.equal(await message(page).inputValue(), DRAFT, name);
    }
    await page.getByRole("button", { name: "New conversation" }).click();
    assert.equal(await message(page).inputValue(), "");
    await message(page).fill("Another one");
    await page.reload();
    await site.ready();
    assert.equal(await message(page).inputValue(), "Another one", "also where nothing was sent yet");
    await page.getByRole("button", { name: "Good morning!", exact: true }).click();
    assert.equal(await message(page).inputValue(), DRAFT);
    await page.keyboard.press("Tab");
    await message(page).press("Enter");
    await answered(page, 2);
    assert.equal(await message(page).inputValue(), "");
    await page.reload();
    await site.ready();
    assert.equal(await message(page).inputValue(), "", "what was sent is no draft");
  });

  it("lets one ask while a comparison runs in its own view", async () => {
    const { page } = site;
    await site.rpc.call("model.load", { model: random, options: QUICK });
    await page.getByRole("combobox", { name: "Model" }).selectOption(random);
    // Room enough that it does not end by itself, however long this machine takes between two steps.
    await limitAnswers(page, 6000);
    await addToCalls(page, "generate.chat", ENDLESS);
    await view(page, "Compare");
    await page.getByRole("textbox", { name: "Message" }).fill("Anything");
    await page.locator(".compare-form").getByRole("button", { name: "Compare" }).click();
    await page.waitForFunction(() => {
      const { compare, answers } = window.tiller.state;
      return (answers[compare.steered ?? ""]?.tokens.length ?? 0) > 2;
    });
    await view(page, "Chat");
    assert.equal(await page.getByRole("button", { name: "Stop", exact: true }).count(), 0);
    await send(page, "And this?");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers).length === 3);
    await stopAnswer(page);
    const [own] = await answered(page);
    assert.equal(own!.reason, "cancelled");
    const others = await page.evaluate(() => {
      const { compare, answers } = window.tiller.state;
      return [answers[compare.steered ?? ""]!.phase, answers[compare.plain ?? ""]!.phase];
    });
    assert.deepEqual(others, ["running", "running"], "the comparison goes on");
    await view(page, "Compare");
    await page.getByRole("button", { name: "Stop both" }).click();
  });
});
