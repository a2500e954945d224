import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { StoredModel } from "../../daemon/store/models.ts";
import { addToCalls, answered, asTokens, choosePreset, limitAnswers, send, textOf, useSite } from "../support/page.ts";
import { makeSteeredHome, QUICK } from "../support/steered-home.ts";

const SAMPLING = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, maxTokens: 40 };

describe("page: steered beside plain", () => {
  let model: StoredModel;
  const site = useSite({
    async home() {
      const made = await makeSteeredHome();
      model = made.model;
      return made.home;
    },
  });

  it("shows both answers at one seed, each as the daemon gives it alone", async () => {
    const { page, rpc } = site;
    await rpc.call("model.load", { model: model.id, options: { ...QUICK, kvType: "f32" } });
    await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
    await choosePreset(page, "shift");
    await asTokens(page);
    await limitAnswers(page, SAMPLING.maxTokens);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const message = page.getByRole("textbox", { name: "Message" });
    await message.fill("abc def");
    const seed = page.getByRole("spinbutton", { name: "Seed" });
    await seed.fill("5");
    await page.keyboard.press("Tab");
    await page.locator(".compare-form").getByRole("button", { name: "Compare" }).click();
    const pair = await page.waitForFunction(() => {
      const { compare, answers } = window.tiller.state;
      const both = [answers[compare.steered ?? ""], answers[compare.plain ?? ""]];
      return both.every((answer) => answer?.phase === "ended") ? both : null;
    });
    const [steered, plain] = (await pair.jsonValue())!;
    assert.deepEqual([steered!.seed, plain!.seed], [5, 5]);
    assert.deepEqual([steered!.steered!.steered, plain!.steered!.steered], [true, false]);
    const request = { model: model.id, messages: [{ role: "user", content: "abc def" }], sampling: { ...SAMPLING, seed: 5 } };
    assert.equal((await rpc.call("generate.chat", { ...request, stream: "p" })).text, plain!.text);
    assert.equal((await rpc.call("generate.chat", { ...request, stream: "s", steering: { preset: "shift" } })).text, steered!.text);
    assert.notEqual(steered!.text, plain!.text);

    const columns = page.locator(".compare-pair .turn");
    assert.match(await textOf(columns.nth(0)), /^Steeredsteered: shift 1/);
    assert.match(await textOf(columns.nth(1)), /^PlainNOT steered: /);
    const first = steered!.tokens.findIndex(({ id }, i) => id !== plain!.tokens[i]?.id);
    assert.match(await textOf(page.locator(".compare-sum")), new RegExp(`they part at token ${first}\\.$`));
    assert.notEqual(await columns.nth(0).locator(`[data-i="${first}"]`).getAttribute("data-diff"), null);
    if (first > 0) assert.equal(await columns.nth(0).locator('[data-i="0"]').getAttribute("data-diff"), null);
  });

  it("starts from an answer of the chat, with what came before it and its seed", async () => {
    const { page } = site;
    await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
    await limitAnswers(page, 20);
    await send(page, "first");
    await answered(page);
    await send(page, "second");
    const [, second] = await answered(page, 2);
    await page.getByRole("button", { name: "Compare steered with plain" }).last().click();
    const compared = await page.waitForFunction(() => {
      const { compare, answers } = window.tiller.state;
      return answers[compare.plain ?? ""]?.phase === "ended" ? { compare, plain: answers[compare.plain ?? ""] } : null;
    });
    const { compare, plain } = (await compared.jsonValue())!;
    assert.equal(compare.prompt, "second");
    assert.equal(compare.before.at(0)?.content, "first");
    assert.equal(plain!.seed, second!.seed);
    assert.match(await textOf(page.locator(".compare-sum")), /^Both answers are the same/, "no slider, no difference");
  });

  it("marks presets and directions of another model; one that is used all the same is left out, and the answer says so", async () => {
    const { page, rpc } = site;
    const { models } = await rpc.call("model.list");
    const embedded = models.find((one: { embedded: boolean }) => one.embedded);
    const foreign = (await rpc.call("preset.list", { model: embedded.id })).presets.find(({ shipped }: { shipped: boolean }) => shipped);
    await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
    const option = page.locator(`.preset-bar option[value="${foreign.id}"]`).filter({ hasText: "another model’s" });
    await option.waitFor({ state: "attached" });
    assert.equal(await page.locator('.preset-bar option[value="shift"]').filter({ hasText: "another model’s" }).count(), 0);
    assert.ok((await page.locator(".probe-picker option:disabled").filter({ hasText: "another model’s" }).count()) > 0);
    await choosePreset(page, foreign.id);
    await limitAnswers(page, 8);
    await send(page, "Anything");
    const [answer] = await answered(page);
    assert.equal(answer!.problem, null);
    assert.equal(answer!.steered?.steered, false);
    assert.match(await textOf(page.locator(".steered")), /^NOT steered: .+/);
    const controls: Record<string, { title?: string; strength: number }> = foreign.preset.controls;
    const on = Object.entries(controls).filter(([, { strength }]) => strength !== 0);
    const titles = on.map(([name, { title }]) => title ?? name);
    assert.equal(await textOf(page.locator(".steered-left")), `Left out, made for another model: ${titles.join(", ")}.`);
    await page.getByRole("combobox", { name: "Model" }).selectOption(embedded.id);
    await page.waitForFunction((id) => window.tiller.state.library.presets.find((one) => one.id === id)?.problem === null, foreign.id);
  });

  it("tints both sides by one scale and says so, once", async () => {
    const { page, rpc } = site;
    await page.getByRole("combobox", { name: "Model" }).selectOption(model.id);
    await choosePreset(page, "shift");
    await asTokens(page);
    await page.getByRole("slider", { name: "shift" }).press("End");
    const { artifacts } = await rpc.call("artifact.list");
    const own = artifacts.find(({ model: { fingerprint } }: { model: { fingerprint: string } }) => fingerprint === model.fingerprint);
    await page.getByRole("combobox", { name: "Tint" }).selectOption(own.id);
    await limitAnswers(page, 30);
    await addToCalls(page, "generate.chat", { sampling: { temperature: 1, seed: 4, maxTokens: 30 } });
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.getByRole("textbox", { name: "Message" }).fill("abc def");
    await page.locator(".compare-form").getByRole("button", { name: "Compare" }).click();
    const read = await page.waitForFunction(() => {
      const { compare, answers } = window.tiller.state;
      const both = [answers[compare.steered ?? ""], answers[compare.plain ?? ""]];
      return both.every((answer) => answer?.phase === "ended")
        ? both.map((answer) => answer!.tokens.map(({ probes }) => probes![0]!))
        : null;
    });
    const readings = (await read.jsonValue())!;
    assert.equal(await page.locator(".tint-legend").count(), 1);
    assert.match(await textOf(page.locator(".tint-legend")), /one scale for both answers/);
    // Whatever the side: what lies above the middle of all has one sign, what lies below it the other.
    const all = readings.flat();
    const middle = all.reduce((sum, value) => sum + value, 0) / all.length;
    const middles = readings.map((side) => side.reduce((sum, value) => sum + value, 0) / side.length);
    const seen = readings.some((side, i) => side.some((value) => value < middle !== value < middles[i]!));
    assert.ok(seen, `scales of their own would tint some token the other way: ${middles}`);
    for (const [side, column] of (await page.locator(".compare-pair .tokens").all()).entries())
      for (const [i, tint] of (await column.locator(".tok").evaluateAll((tokens) => tokens.map((one) => one.dataset["tint"]))).entries())
        if (tint !== undefined) assert.equal(tint, readings[side]![i]! < middle ? "-" : "+", `side ${side}, token ${i}`);
  });
});
