import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { type FoundHome, foundHome } from "../support/found-home.ts";
import { shot, textOf, useSite } from "../support/page.ts";

describe("page: models", () => {
  const site = useSite();

  it("estimates the memory before it loads, loads as told, and unloads", async () => {
    const { page, rpc } = site;
    const { models } = await rpc.call("model.list");
    const { id, name } = models.find(({ embedded }: { embedded: boolean }) => embedded);
    await page.getByRole("button", { name: "Models" }).click();
    const card = page.locator(".model").filter({ hasText: name });
    assert.match(await textOf(card), /not loaded/);
    await card.getByRole("button", { name: "Load …" }).click();
    const options = { contextSize: 4096, sequences: 2, idleMinutes: 7 };
    await card.getByRole("spinbutton", { name: "Context, tokens" }).fill(String(options.contextSize));
    await card.getByRole("spinbutton", { name: "Answers at once" }).fill(String(options.sequences));
    await card.getByRole("spinbutton", { name: "Unload when idle, minutes" }).fill(String(options.idleMinutes));
    await card.getByRole("textbox", { name: "GPU layers" }).fill("0");
    const expected = await rpc.call("model.estimate", { model: id, options: { ...options, gpuLayers: 0 } });
    const smaller = await rpc.call("model.estimate", { model: id, options: { ...options, contextSize: 256, gpuLayers: 0 } });
    assert.ok(expected.kvBytes > smaller.kvBytes);
    assert.equal((await rpc.call("daemon.status")).loaded.length, 0, "an estimate loads nothing");
    const context = `context ${(expected.kvFirstBytes / 1e6).toPrecision(3)} MB`;
    await card.locator(".estimate").filter({ hasText: context }).waitFor();
    assert.match(await textOf(card.locator(".estimate")), /^Fits: /);

    const asked = page.evaluate(
      () =>
        new Promise<unknown>((resolve) => {
          const { client } = window.tiller;
          const call = client.call.bind(client);
          client.call = (method, params) => {
            if (method === "model.load") resolve(params);
            return call(method, params);
          };
        }),
    );
    await card.getByRole("button", { name: "Load", exact: true }).click();
    assert.deepEqual(await asked, { model: id, options: { ...options, gpuLayers: 0 } });
    await card.locator(".badge[data-state=loaded]").waitFor();
    assert.deepEqual((await rpc.call("daemon.status")).loaded, [id]);

    await card.getByRole("button", { name: "Unload" }).click();
    await card.locator(".badge[data-state=available]").waitFor();
    assert.deepEqual((await rpc.call("daemon.status")).loaded, []);
  });

  it("shows by itself that an idle model was unloaded", async () => {
    const { page, rpc } = site;
    const { models } = await rpc.call("model.list");
    const model = models[0].id;
    await page.getByRole("button", { name: "Models" }).click();
    await rpc.call("model.load", { model, options: { idleMinutes: 0.02 } });
    await page.locator(".model .badge[data-state=available]").first().waitFor();
    assert.deepEqual((await rpc.call("daemon.status")).loaded, []);
  });

  it("says what is wrong with an address that it may not download from", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "Models" }).click();
    await page.getByRole("textbox", { name: /address of a GGUF file/ }).fill("http://127.0.0.1/model.gguf");
    await page.getByRole("button", { name: "Download" }).click();
    const card = page.locator(".download .problem");
    await card.waitFor();
    assert.match(await textOf(card), /The model was not downloaded.*https/);
  });
});

describe("page: models of one's own", () => {
  let found: FoundHome;
  const root = mkdtempSync(join(tmpdir(), "tiller-found-page-"));
  const site = useSite({
    env() {
      found = foundHome(root);
      return found.env;
    },
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it("adds one that another program has, by the keyboard, and one by its path; what is wrong is said, with what to do", async () => {
    const { page } = site;
    await page.getByRole("button", { name: "Models" }).click();
    await page.getByRole("button", { name: "Look for models of other programs" }).focus();
    await page.keyboard.press("Enter");
    const list = page.getByRole("list", { name: "Models of other programs" });
    await list.getByRole("button", { name: "Add tiny:1b" }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("tiny:1b is in the list now.").waitFor();
    await page.locator(".model h3").getByText("tiny:1b").waitFor();
    assert.match(await textOf(list.locator("li").filter({ hasText: "tiny:1b" })), /Ollama.*in the list/);
    assert.equal(await page.evaluate(() => document.activeElement !== document.body), true);
    for (const theme of ["light", "dark", "contrast"]) {
      await page.getByRole("combobox", { name: "Theme" }).selectOption(theme);
      await shot(page, `models-${theme}`);
    }

    const path = page.getByRole("textbox", { name: /^Path of a GGUF file/ });
    await path.fill(join(root, "own"));
    await page.keyboard.press("Enter");
    assert.match(await textOf(page.locator(".add-model .problem")), /The model was not added.*is a folder.*Some Model\.Q8_0\.gguf/);
    await path.fill(found.model);
    await page.keyboard.press("Enter");
    await page.getByText("Some-Model.Q8_0 is in the list now.").waitFor();
    assert.equal(await path.inputValue(), "");
    // A page that is open elsewhere hears of it.
    const other = await site.open();
    await site.ready(other);
    await page.setViewportSize({ width: 320, height: 900 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.locator(".add-model").scrollIntoViewIfNeeded();
    await shot(page, "models-320");
    const { models } = await site.rpc.call("model.list");
    const own = models.find(({ name }: { name: string }) => name === "Some-Model.Q8_0").id;
    await site.rpc.call("model.remove", { model: own });
    await site.rpc.call("model.add", { path: found.model });
    await other.waitForFunction((id) => window.tiller.state.library.models.some((model) => model.id === id), own);
  });
});
