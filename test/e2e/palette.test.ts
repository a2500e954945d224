/** By keys alone: every action by its name, the list of keys, the other view of answers; and what the context has room for. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { answered, choosePreset, limitAnswers, send, shot, textOf, useSite } from "../support/page.ts";
import { openStored } from "../support/stored-chat.ts";

describe("page: palette and keys", () => {
  const site = useSite({ loaded: true });

  it("Ctrl K finds actions by words in any order, runs them, and leaves the focus where one is", async () => {
    const { page } = site;
    const preset = await site.anyPreset();
    const palette = page.getByRole("dialog", { name: "All actions" });
    await page.getByRole("textbox", { name: "Message" }).focus();
    await page.keyboard.press("Control+k");
    await palette.waitFor();
    await shot(page, "palette");
    await page.keyboard.type(`${preset.name.toLowerCase()} load`);
    assert.match(await textOf(palette.getByRole("option", { selected: true })), new RegExp(`^Load preset ${preset.name}`));
    await page.keyboard.press("Enter");
    await page.waitForFunction((id) => window.tiller.state.rack.preset === id, preset.id);
    await palette.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.id), "question");

    await page.keyboard.press("Control+k");
    await page.keyboard.type("go to");
    await page.keyboard.press("ArrowDown");
    assert.match(await textOf(palette.getByRole("option", { selected: true })), /Models/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Models" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("no such thing");
    await palette.getByText("No action is called that.").waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await palette.waitFor({ state: "detached" });
    // the dialog is gone before its own event says so
    await page.waitForFunction(() => window.tiller.state.overlay === null);
  });

  it("the palette knows the answer: stop while it is written, regenerate and continue behind it", async () => {
    const { page } = site;
    const titles = async () => {
      await page.keyboard.press("Control+k");
      const options = await page.getByRole("dialog", { name: "All actions" }).getByRole("option").allTextContents();
      await page.keyboard.press("Escape");
      return options;
    };
    const before = await titles();
    assert.ok(!before.some((title) => /answer$/.test(title)), before.join());
    await limitAnswers(page, 6);
    await send(page, "Good morning!");
    await answered(page);
    const after = await titles();
    assert.ok(after.includes("Regenerate the last answer") && after.includes("Continue the last answer"), after.join());
  });

  it("“?” lists the keys, “t” shows the tokens, “/” goes to the message box; in a field they are letters", async () => {
    const { page } = site;
    await openStored(page, ["Tell me.", "The **deep** sea."]);
    await page.locator(".transcript").focus();
    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    assert.match(await textOf(keys), /Ctrl K.*every action/);
    await shot(page, "keys");
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    await page.keyboard.press("t");
    await page.locator(".answer .tokens").waitFor();
    await page.keyboard.press("t");
    await page.locator(".answer .rendered").waitFor();
    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement?.id === "question");
    await page.keyboard.type("t/?");
    assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "t/?");
    await page.setViewportSize({ width: 320, height: 700 });
    await page.getByRole("button", { name: "Keys and all actions" }).click();
    await keys.getByRole("button", { name: "All actions …" }).click();
    await page.getByRole("dialog", { name: "All actions" }).waitFor();
    await shot(page, "palette-320");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  });
});

describe("page: what the context has room for", () => {
  const site = useSite({ loaded: true });

  it("counts the message as it is typed, and says which turns will be left out, as the answer then does", async () => {
    const { page } = site;
    const meter = page.locator(".context-meter");
    await limitAnswers(page, 8);
    await page.getByRole("textbox", { name: "Message" }).fill("Good morning!");
    await meter.waitFor();
    const few = Number(/^(\d+) of/.exec(await textOf(meter))![1]);
    await page.getByRole("textbox", { name: "Message" }).fill("Good morning, and what a morning it is!");
    await page.waitForFunction(
      (count) => Number(/^(\d+) of/.exec(document.querySelector(".context-meter")!.textContent!)![1]) > count,
      few,
    );

    await openStored(
      page,
      Array.from({ length: 40 }, (_, i) => `Turn ${i}: ${"the sea is wide and deep ".repeat(12)}`),
    );
    await limitAnswers(page, 8);
    await page.getByRole("textbox", { name: "Message" }).fill("And now?");
    await meter.getByText("will be left out").waitFor();
    await shot(page, "context");
    const [, turns, tokens] = /: the (\d+) oldest turns \((\d+) tokens\) will be left out/.exec(await textOf(meter))!;
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".turn").length === 42);
    await page.waitForFunction(() => Object.values(window.tiller.state.answers).every(({ phase }) => phase === "ended"));
    const answer = await page.evaluate(() => Object.values(window.tiller.state.answers).at(-1)!);
    assert.deepEqual(answer.overflow, { droppedTurns: Number(turns), droppedTokens: Number(tokens) });
    await page.setViewportSize({ width: 320, height: 700 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await shot(page, "context-320");
  });

  it("moves of a slider are marks in the margin, at the line of the word, in both views", async () => {
    const { page } = site;
    const preset = await site.anyPreset();
    await choosePreset(page, preset.id);
    await openStored(page, ["Tell me.", `First line of it.\n\nSecond **line** of it.\n\n- third ${"word ".repeat(40)}`]);
    await page.evaluate(() => {
      const saved = JSON.parse(localStorage.getItem("tiller.chat.1.chat-stored")!);
      saved.answers["a-1"].changes = [{ token: 5, controls: { joy: 0.5 } }];
      localStorage.setItem("tiller.chat.1.chat-stored", JSON.stringify(saved));
      addEventListener("pagehide", (event) => event.stopImmediatePropagation(), { capture: true });
    });
    await page.reload();
    await site.ready();
    for (const view of [".rendered", ".tokens"]) {
      await page.locator(`${view} .change`).waitFor();
      const { margin, line, left } = await page.evaluate((root) => {
        const box = (selector: string) => document.querySelector(selector)!.getBoundingClientRect();
        return { margin: box(`${root} .change i`), line: box(`${root} .change`), left: box(root).left };
      }, view);
      assert.ok(margin.left - left < 2, `${view}: in the margin, ${margin.left} of ${left}`);
      assert.ok(margin.top >= line.top - 2 && margin.bottom <= line.bottom + 2, `${view}: beside its line`);
      await shot(page, `margin${view}`);
      await page.locator(".transcript").focus();
      await page.keyboard.press("t");
    }
  });
});
