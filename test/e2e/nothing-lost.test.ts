/** What a person wrote or was answered stays within reach: branches, two tabs, answers that stopped, another model, a pasted address. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Page } from "playwright-core";
import { answered, choosePreset, limitAnswers, send, shot, shownAnswers, textOf, useSite } from "../support/page.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("page: nothing is lost", () => {
  const site = useSite({ home: async () => (await makeSteeredHome()).home, loaded: true });

  it("an edited question and a new answer begin branches; the old ones come back with what followed them", async () => {
    const { page } = site;
    await limitAnswers(page, 6);
    await send(page, "First");
    await answered(page);
    await send(page, "Second");
    const before = await answered(page, 2);
    await page.getByRole("button", { name: "Edit and send again" }).first().click();
    await page.getByRole("textbox", { name: /^Edit and send again/ }).fill("First, in other words");
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    await page.waitForFunction(() => window.tiller.state.conversations[0]?.turns.length === 2);
    await answered(page);
    assert.deepEqual(await questions(page), ["First, in other words"]);
    await page.getByRole("button", { name: "Earlier question" }).click();
    assert.deepEqual(await questions(page), ["First", "Second"]);
    assert.deepEqual(
      (await shownAnswers(page)).map(({ stream }) => stream),
      before.map(({ stream }) => stream),
    );

    await page.getByRole("button", { name: "Regenerate" }).first().click();
    await page.waitForFunction(() => window.tiller.state.conversations[0]?.turns.length === 2);
    await answered(page);
    assert.deepEqual(await questions(page), ["First"]);
    await page.reload();
    await site.ready();
    await page.getByRole("button", { name: "Earlier answer" }).click();
    assert.deepEqual(await questions(page), ["First", "Second"]);
    assert.deepEqual(
      (await shownAnswers(page)).map(({ text }) => text),
      before.map(({ text }) => text),
    );
    await page.getByRole("button", { name: "Later question" }).click();
    assert.deepEqual(await questions(page), ["First, in other words"]);
    await shot(page, "branches");
  });

  it("an answer that stopped at the token limit is continued, and the next question follows both parts", async () => {
    const { page } = site;
    await limitAnswers(page, 4);
    await send(page, "Tell me a short story about the sea.");
    const [first] = await answered(page);
    assert.equal(first!.reason, "length");
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    const [, second] = await answered(page, 2);
    // what it read is the question and its own beginning
    assert.ok(second!.stats!.promptTokens >= first!.stats!.promptTokens + first!.tokens.length - 1);
    await send(page, "Thank you.");
    const [, , third] = await answered(page, 3);
    assert.equal(third!.problem, null);
  });

  it("two tabs show one conversation, and what is sent in either stays", async () => {
    const { page } = site;
    await limitAnswers(page, 6);
    await send(page, "From the first tab");
    await answered(page);
    // What is stored is what another tab begins with.
    await page.waitForFunction(() => Object.values(localStorage).some((text) => /From the first tab.*"reason":"/.test(text)));
    const other = await page.context().newPage();
    await other.goto(`${site.daemon.url}/#token=${site.daemon.token}`);
    await site.ready(other);
    await other.locator(".question-text").first().waitFor();
    assert.deepEqual(await questions(other), ["From the first tab"]);
    await send(other, "From the second tab");
    await answered(other, 2);
    await page.waitForFunction(() => document.querySelectorAll(".question-text").length === 2);
    // Both at once: neither has heard of the other's yet.
    await Promise.all([send(page, "Once more, first"), send(other, "Once more, second")]);
    const all = ["From the first tab", "From the second tab", "Once more, first", "Once more, second"];
    for (const tab of [page, other]) {
      await tab.waitForFunction(
        (wanted) => wanted.every((text) => JSON.stringify(window.tiller.state.conversations[0]).includes(text)),
        all,
      );
      await tab.waitForFunction(() => Object.values(window.tiller.state.answers).every(({ phase }) => phase === "ended"));
    }
    await page.reload();
    await site.ready();
    const kept = await page.evaluate(() => JSON.stringify(window.tiller.state.conversations[0]));
    for (const text of all) assert.ok(kept.includes(text), text);
    await other.close();
  });

  it("with another model chosen, sliders of the first are off and say so, and the message goes out plain", async () => {
    const { page } = site;
    const { presets } = await site.rpc.call("preset.list");
    await choosePreset(
      page,
      presets.find(({ shipped, problem }: { shipped: boolean; problem: unknown }) => shipped && problem === null).id,
    );
    const { artifacts, models } = await page.evaluate(() => window.tiller.state.library);
    const own = artifacts.find(({ model }) => model.fingerprint === models.find(({ embedded }) => embedded)!.fingerprint);
    await page.getByRole("combobox", { name: "Tint" }).selectOption(own!.id);
    const random = models.find(({ embedded }) => !embedded)!;
    await site.rpc.call("model.load", { model: random.id, options: QUICK });
    await page.getByRole("combobox", { name: "Model" }).selectOption(random.id);
    const note = page.getByRole("note").first();
    assert.match(await textOf(note), /Made for another model: it does not steer this one/);
    await limitAnswers(page, 4);
    await send(page, "Anything");
    const [answer] = await answered(page);
    assert.equal(answer!.problem, null);
    assert.equal(answer!.steered?.steered, false);
    assert.match(await textOf(page.locator(".steered-left")), /^Left out, made for another model: /);
    assert.match(await textOf(page.locator(".stats")), new RegExp(`^${random.name}`));
    await note.getByRole("button", { name: "Make it for this model" }).click();
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.waitFor();
    await shot(page, "foreign");
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Model" }).selectOption(models.find(({ embedded }) => embedded)!.id);
    assert.equal(await page.getByRole("note").count(), 0);
  });

  it("a pasted address signs in, and what has no token is refused in words and forgotten", async () => {
    const page = await site.open({}, "");
    const field = page.getByLabel("Address, or token");
    await field.fill("http://127.0.0.1:4517/ with spaces and ünïcode");
    await page.keyboard.press("Enter");
    assert.match(await textOf(page.getByRole("alert")), /There is no token in that/);
    await page.reload();
    await field.waitFor();
    await field.fill(`  ${site.daemon.url}/#token=${site.daemon.token} `);
    await page.keyboard.press("Enter");
    await site.ready(page);
  });

  it("Escape in the message box stops the answer", async () => {
    const { page } = site;
    await limitAnswers(page, 4000);
    await page.evaluate(() => {
      const { client } = window.tiller;
      const call = client.call.bind(client);
      client.call = (name, params) => call(name, name === "generate.chat" ? { ...params, logitBias: { "2": -100 } } : params);
    });
    await send(page, "Count without end.");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers).some(({ tokens }) => tokens.length > 0));
    await page.keyboard.press("Escape");
    const [answer] = await answered(page);
    assert.ok(answer!.reason === "cancelled" || answer!.reason === "end" || answer!.reason === "length", String(answer!.reason));
  });

  it("a preset saved under another name does not keep the first one's description, and gets one of its own", async () => {
    const { page } = site;
    const { presets } = await site.rpc.call("preset.list");
    const described = presets.find(
      ({ preset, problem }: { preset: { description?: string } | null; problem: unknown }) => preset?.description && !problem,
    );
    await choosePreset(page, described.id);
    await page.getByRole("button", { name: "Save as" }).click();
    const text = page.getByRole("textbox", { name: /^What it does/ });
    await page.getByRole("textbox", { name: "Name of the preset" }).fill("Quite another");
    assert.equal(await text.inputValue(), "");
    await text.fill("My own words.");
    await page.getByRole("form", { name: "Save as" }).getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved.").waitFor();
    const { entry } = await site.rpc.call("preset.get", { id: "quite-another" });
    assert.equal(entry.preset.description, "My own words.");
  });
});

describe("page: the header and the page's parts at any width and zoom", () => {
  const site = useSite({ loaded: true });

  for (const [width, height] of [
    [320, 700],
    [680, 800],
    [740, 800],
    [800, 800],
    [900, 800],
    // 200 % and 400 % of 1280 × 900
    [640, 450],
    [320, 225],
  ] as const)
    it(`${width} × ${height}: nothing of the header lies on another part of it, and a message can be sent`, async () => {
      const { page } = site;
      await page.setViewportSize({ width, height });
      const faults = await page.evaluate(() => {
        const parts = [...document.querySelectorAll<HTMLElement>(".top .brand, .top .views, .top select, .top .connection")];
        const boxes = parts
          .filter((part) => part.offsetParent !== null)
          .map((part) => ({ name: part.className || part.tagName, box: part.getBoundingClientRect() }));
        return boxes.flatMap(({ name, box }, at) => [
          ...(box.left < -0.5 || (box.right > innerWidth + 0.5 && name !== "views") ? [`${name} is cut off`] : []),
          ...boxes
            .slice(at + 1)
            .filter(
              (other) =>
                Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
                Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 1,
            )
            .map((other) => `${name} lies on ${other.name}`),
        ]);
      });
      await shot(page, `header-${width}-${height}`);
      assert.deepEqual(faults, []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      await send(page, "Good morning!");
      await answered(page);
      await page.locator(".answer .rendered").scrollIntoViewIfNeeded();
      await shot(page, `answer-${width}-${height}`);
    });
});

function questions(page: Page): Promise<string[]> {
  return page.locator(".question-text").allTextContents();
}
