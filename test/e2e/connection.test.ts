import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "mocha";
import { makeHome, runDaemon, type TestHome } from "../support/daemon.ts";
import { addToCalls, answered, asTokens, choosePreset, limitAnswers, type Site, send, textOf, useSite } from "../support/page.ts";
import { addRandomModel, ENDLESS, QUICK, SLOW } from "../support/steered-home.ts";

describe("page: the connection", () => {
  let home: TestHome;
  const site = useSite({
    async home() {
      home = makeHome();
      await addRandomModel(home, "random", SLOW);
      return home;
    },
  });

  it("asks for another token when the daemon refuses the one it has", async () => {
    const page = await site.open({}, "AAAAAAAAAAAAAAAAAAAAAA");
    const card = page.getByRole("alert");
    await card.waitFor();
    assert.match(await textOf(card), /does not let this page in.*tiller status --page/);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("tiller.token")), null);
    await page.getByLabel("Address, or token").fill(site.daemon.token);
    await page.keyboard.press("Enter");
    await site.ready(page);
    assert.match(await textOf(page.getByRole("banner")), /Connected/);
  });

  it("connects with the token of this tab after a reload, and knows none in another tab's address", async () => {
    const { page, daemon } = site;
    await page.reload();
    await site.ready();
    const other = await page.context().newPage();
    await other.goto(daemon.url);
    await other.getByRole("heading", { name: "Tiller" }).waitFor();
    assert.ok(await other.getByLabel("Address, or token").isVisible());
  });

  it("says that the daemon went away in the middle of an answer, keeps what was written, and goes on when it is back", async () => {
    const { rpc, daemon } = site;
    // The daemon's own token is new at every start; one that was made for an app stays.
    const { token } = await rpc.call("daemon.token.create", { name: "tab", scopes: ["generate", "capture", "load"] });
    const page = await site.open({}, token);
    await site.ready(page);
    const { models } = await rpc.call("model.list");
    const random = models.find(({ embedded }: { embedded: boolean }) => !embedded);
    await page.getByRole("combobox", { name: "Model" }).selectOption(random.id);
    await addToCalls(page, "generate.chat", ENDLESS);
    await asTokens(page);
    await send(page, "Anything");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 5);
    process.kill(daemon.pid, "SIGKILL");
    await daemon.exited;

    const [broken] = await answered(page);
    assert.ok(broken!.text.length > 0);
    assert.equal(await textOf(page.locator(".answer .tokens")), broken!.text);
    const card = page.locator(".answer .problem");
    assert.match(
      await textOf(card),
      /The connection was lost.*before the daemon answered.*The page reconnects by itself while the daemon runs; then try again/,
    );
    await page.locator(".banner").filter({ hasText: "npm start" }).waitFor();
    assert.match(await textOf(page.locator(".connection")), /Reconnecting/);
    await page.getByRole("textbox", { name: "Message" }).fill("Still here?");
    assert.ok(await page.getByRole("button", { name: "Send", exact: true }).isDisabled());

    const again = runDaemon(home);
    try {
      const line = await again.firstLine;
      assert.equal(JSON.parse(line ?? "null")?.url, daemon.url, `the same port, so that the history is there: ${again.stderr()}`);
      await page
        .getByRole("button", { name: "Reconnect now" })
        .click({ timeout: 1 })
        .catch(() => undefined);
      await site.ready(page);
      await page.waitForFunction(() => document.querySelector(".banner") === null);
      assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "Still here?");
      await page.getByRole("combobox", { name: "Model" }).selectOption(models.find(({ embedded }: { embedded: boolean }) => embedded).id);
      await choosePreset(page, await page.locator(".preset-bar option:not([value=''])").first().getAttribute("value").then(String));
      await card.getByRole("button", { name: "Try again" }).click();
      await page.getByText("2/2").waitFor();
      const [fresh] = await answered(page);
      assert.equal(fresh!.problem, null);
      assert.equal(fresh!.steered?.steered, true);
    } finally {
      again.process.kill("SIGTERM");
      await again.exited;
    }
  });
});

describe("page: a daemon that ends in good order", () => {
  const site = useSite({
    async home() {
      const home = makeHome();
      await addRandomModel(home, "random", SLOW);
      return home;
    },
  });

  it("says that it stops, in words, while it waits for an answer, and what to do then", async () => {
    const { page, daemon } = site;
    await useRandomModel(site);
    // Slow and long enough that it does not end by itself, however long this machine takes between two steps.
    await limitAnswers(page, 6000);
    await addToCalls(page, "generate.chat", ENDLESS);
    await send(page, "Anything");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 5);
    daemon.process.kill("SIGTERM");
    const banner = page.locator(".banner");
    await banner.filter({ hasText: "The daemon is stopping. It was asked to stop. Start the daemon again (`npm start`)" }).waitFor();
    assert.equal(await textOf(page.locator(".connection")), "Daemon is stopping");
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await once(daemon.process, "exit");
    await banner.filter({ hasText: "The daemon cannot be reached" }).filter({ hasText: "npm start" }).waitFor();
    assert.ok(await banner.getByRole("button", { name: "Reconnect now" }).isVisible());
  });
});

describe("page: a daemon that was started anew", () => {
  let home: TestHome;
  const site = useSite({
    async home() {
      home = makeHome();
      return home;
    },
  });

  it("asks for the new token and keeps what was typed and set, also in open forms", async () => {
    const { page, daemon } = site;
    await choosePreset(page, (await site.anyPreset()).id);
    const slider = page.locator(".slider input[type=range]").first();
    await slider.press("End");
    const strength = await slider.inputValue();
    await page.getByRole("button", { name: "New slider …" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("gloomy");
    await page.keyboard.press("Escape");
    await page.getByRole("textbox", { name: "Message" }).fill("Not sent yet");
    await page.getByRole("button", { name: "New slider …" }).click();
    await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("gloomy");

    process.kill(daemon.pid, "SIGKILL");
    await daemon.exited;
    const again = runDaemon(home);
    try {
      const { url, token } = JSON.parse((await again.firstLine) ?? "null");
      assert.equal(url, daemon.url);
      const card = page.getByRole("alert").filter({ hasText: "knows no page yet: open the address" });
      await card.waitFor();
      await page.getByText("is still there behind this form").waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.closest("dialog")?.className), "signed-out");
      // It opens again at once, and the form behind it stays.
      for (let times = 0; times < 2; times++) {
        await page.keyboard.press("Escape");
        await page.waitForFunction(() => document.activeElement?.closest("dialog")?.className === "signed-out");
      }
      await page.getByLabel("Address, or token").waitFor();

      // The address that the daemon prints, opened in this very tab: only its fragment differs.
      await page.evaluate((fragment) => {
        location.hash = fragment;
      }, `token=${token}`);
      await site.ready(page);
      await page.locator("dialog.signed-out").waitFor({ state: "detached" });
      assert.doesNotMatch(page.url(), /token/);
      assert.equal(await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).inputValue(), "gloomy");
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("textbox", { name: "Message" }).inputValue(), "Not sent yet");
      assert.equal(await slider.inputValue(), strength);
    } finally {
      again.process.kill("SIGTERM");
      await again.exited;
    }
  });
});

async function useRandomModel({ page, rpc }: Site): Promise<void> {
  const { models } = await rpc.call("model.list");
  const { id } = models.find(({ embedded }: { embedded: boolean }) => !embedded);
  await rpc.call("model.load", { model: id, options: QUICK });
  await page.getByRole("combobox", { name: "Model" }).selectOption(id);
}
