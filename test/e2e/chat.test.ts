import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { answered, asTokens, choosePreset, send, shownAnswers, textOf, useSite } from "../support/page.ts";

const QUESTION = "Tell me a short story about the sea.";

describe("page: a conversation", () => {
  const site = useSite({ loaded: true });

  it("shows an answer, what steered it, and its figures", async () => {
    const { page } = site;
    const preset = await site.anyPreset();
    await choosePreset(page, preset.id);
    await asTokens(page);
    await send(page, QUESTION);
    const [answer] = await answered(page);
    assert.ok(answer!.text.length > 0);
    assert.equal(await page.locator(".answer .tokens").textContent(), answer!.text);
    const [control] = Object.entries(preset.controls);
    assert.equal(answer!.steered?.steered, true);
    assert.match(await textOf(page.locator(".steered")), new RegExp(`^steered: .*${control![0]} ${control![1].strength}`));
    assert.match(await textOf(page.locator(".stats")), new RegExp(`${answer!.tokens.length} tokens .* seed ${answer!.seed}$`));
  });

  it("says NOT steered and why: no sliders, every slider at 0, a slider that the model cannot carry", async () => {
    const { page } = site;
    await send(page, QUESTION);
    await answered(page);
    assert.match(await textOf(page.locator(".steered")), /^NOT steered: no steering was asked for/);

    const preset = await site.anyPreset();
    const [control, settings] = Object.entries(preset.controls)[0]!;
    await choosePreset(page, preset.id);
    for (const toggle of await page.getByRole("switch").all()) await toggle.uncheck();
    await send(page, QUESTION);
    await answered(page, 2);
    assert.match(await textOf(page.locator(".steered").nth(1)), /^NOT steered: every control is at 0/);

    // The page's own fields take no such layer; a preset that was written by hand may name one.
    const far = { tiller: 2, name: "far", controls: { [control]: { ...settings, with: { layers: [900] } } } };
    await site.rpc.call("preset.save", { id: "far", preset: far });
    await page.reload();
    await site.ready();
    await choosePreset(page, "far");
    await send(page, QUESTION);
    const [, , refused] = await answered(page, 3);
    assert.equal(refused!.tokens.length, 0);
    assert.match(await textOf(page.locator(".steered").nth(2)), /^NOT steered: .*layer 900 does not exist/);
    const card = page.locator(".answer .problem");
    assert.match(await textOf(card), /layer 900 does not exist/);
    await card.getByRole("button", { name: "Open sliders" }).click();
    assert.ok(await page.getByRole("button", { name: "Sliders", expanded: true }).isVisible());
    await site.rpc.call("preset.delete", { id: "far" });
  });

  it("keeps the conversation over a reload, with its tokens and what steered them", async () => {
    const { page } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    await asTokens(page);
    await send(page, QUESTION);
    await answered(page);
    const before = await page.locator(".turn").allTextContents();
    const rack = await page.locator(".slider").allTextContents();
    await page.reload();
    await site.ready();
    assert.deepEqual(await page.locator(".turn").allTextContents(), before);
    assert.deepEqual(await page.locator(".slider").allTextContents(), rack);
    assert.ok((await page.locator(".answer .tok").count()) > 1);
    assert.doesNotMatch(page.url(), /token/, "the token does not stay in the address");
    await send(page, "And then?");
    await answered(page, 2);
  });

  it("regenerates beside the earlier answer", async () => {
    const { page } = site;
    await asTokens(page);
    await send(page, QUESTION);
    const [first] = await answered(page);
    await page.getByRole("button", { name: "Regenerate" }).click();
    await page.waitForFunction((stream) => window.tiller.state.answers[stream] !== undefined, first!.stream);
    await page.getByText("2/2").waitFor();
    const [second] = await answered(page);
    assert.notEqual(second!.stream, first!.stream);
    assert.notEqual(second!.seed, first!.seed);
    await page.getByRole("button", { name: "Earlier answer" }).click();
    assert.equal((await shownAnswers(page))[0]!.stream, first!.stream);
    assert.equal(await page.locator(".answer .tokens").textContent(), first!.text);
  });

  it("sends an edited question again, as a branch without what came after it", async () => {
    const { page } = site;
    await send(page, "Good morning!");
    await answered(page);
    await send(page, QUESTION);
    await answered(page, 2);
    await page.getByRole("button", { name: "Edit and send again" }).first().click();
    await page.getByRole("textbox", { name: /^Edit and send again/ }).fill("Good evening!");
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    await page.waitForFunction(() => window.tiller.state.conversations[0]?.turns.length === 2);
    await answered(page);
    assert.deepEqual(await page.locator(".question-text").allTextContents(), ["Good evening!"]);
  });

  it("puts the system prompt of a conversation before it", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "System prompt" }).click();
    await page.getByRole("textbox", { name: /^System prompt of this conversation/ }).fill("Answer in one word.");
    await send(page, QUESTION);
    const [with_] = await answered(page);
    const without = await site.rpc.call("generate.chat", { stream: "bare", messages: [{ role: "user", content: QUESTION }] });
    assert.ok(with_!.stats!.promptTokens > without.stats.promptTokens);
  });
});
