import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StoredModel } from "../../daemon/store/models.ts";
import { addToCalls, answered, asTokens, limitAnswers, type Site, send, textOf, useSite } from "../support/page.ts";
import { ENDLESS, makeSteeredHome, QUICK } from "../support/steered-home.ts";

describe("page: long answers", () => {
  let model: StoredModel;
  const site = useSite({
    async home() {
      const made = await makeSteeredHome();
      model = made.model;
      return made.home;
    },
  });

  it("stops an answer and keeps what was written", async () => {
    const { page } = site;
    await endless(site, model.id, 8000);
    await send(page, "Anything");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 20);
    await page.getByRole("button", { name: "Stop" }).click();
    const [answer] = await answered(page);
    assert.equal(answer!.reason, "cancelled");
    assert.ok(answer!.tokens.length >= 20 && answer!.tokens.length < 8000);
    assert.equal(await textOf(page.locator(".answer .tokens")), answer!.text);
    assert.match(await textOf(page.locator(".stats")), /stopped$/);
    await page.getByRole("button", { name: "Send", exact: true }).waitFor();
    assert.deepEqual((await site.rpc.call("daemon.status")).running, 0);
  });

  it("shows an answer while it is written, at most once per animation frame, however fast tokens come", async () => {
    const { page } = site;
    await endless(site, model.id, 1500);
    await page.evaluate(() => {
      const watch = { batches: 0, frames: 0, since: performance.now() };
      Object.assign(window, { watch });
      new MutationObserver((records) => {
        if (records.some(({ target }) => (target as Element).closest?.(".tokens") !== null)) watch.batches++;
      }).observe(document.querySelector("#main")!, { subtree: true, childList: true, characterData: true });
      const frame = () => {
        watch.frames++;
        requestAnimationFrame(frame);
      };
      frame();
    });
    await send(page, "Anything");
    // It shows while it is written, and the page takes input meanwhile.
    await page.waitForFunction(
      () => Object.values(window.tiller.state.answers)[0]?.phase === "running" && document.querySelectorAll(".answer .tok").length >= 20,
    );
    await page.getByRole("textbox", { name: "Message" }).pressSequentially("typed meanwhile");
    const [answer] = await answered(page);
    const { batches, frames, since } = await page.evaluate(() => {
      const { watch } = window as unknown as { watch: { batches: number; frames: number; since: number } };
      return { ...watch, since: performance.now() - watch.since };
    });
    assert.equal(answer!.tokens.length, 1500);
    // The last ones come with the next frame; part of a character at the very end has no text to show.
    const shown = answer!.tokens.findLastIndex(({ text }) => text !== "") + 1;
    await page.waitForFunction((count) => document.querySelectorAll(".answer .tok").length === count, shown);
    assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "typed meanwhile");
    assert.ok(batches > 1, "it was streamed");
    // One per frame, one per 100 ms where no frame comes, and the answer's end.
    const most = frames + Math.ceil(since / 100) + 3;
    assert.ok(batches <= most, `${batches} updates in ${frames} frames`);
  });

  it("follows the text at its end, and stays where the reader scrolled to", async () => {
    const { page } = site;
    await endless(site, model.id, 6000);
    await send(page, "Anything");
    const transcript = page.locator(".transcript");
    await page.waitForFunction(() => {
      const element = document.querySelector(".transcript")!;
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      return element.scrollHeight > element.clientHeight * 1.5 && left < 48;
    });
    await transcript.evaluate((element) => element.scrollTo(0, 0));
    const before = await page.evaluate(() => Object.values(window.tiller.state.answers)[0]!.tokens.length);
    await page.waitForFunction((count) => Object.values(window.tiller.state.answers)[0]!.tokens.length > count + 50, before);
    assert.equal(await transcript.evaluate((element) => element.scrollTop), 0);
    await page.getByRole("button", { name: "Stop" }).click();
    await answered(page);
  });
});

/** Random weights end answers at random: here they write on, to `maxTokens` of the sampling panel at most. */
async function endless({ page, rpc }: Site, model: string, maxTokens: number): Promise<void> {
  await asTokens(page);
  await rpc.call("model.load", { model, options: QUICK });
  await page.getByRole("combobox", { name: "Model" }).selectOption(model);
  await limitAnswers(page, maxTokens);
  await addToCalls(page, "generate.chat", ENDLESS);
}
