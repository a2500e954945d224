import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "mocha";
import { makeHome, runDaemon, type TestHome } from "../support/daemon.ts";
import { addToCalls, answered, choosePreset, send, textOf, useSite } from "../support/page.ts";
import { addRandomModel, ENDLESS, LONG } from "../support/steered-home.ts";

describe("page: the connection", () => {
  let home: TestHome;
  const site = useSite({
    async home() {
      home = makeHome();
      await addRandomModel(home, "random", LONG);
      return home;
    },
  });

  it("asks for another token when the daemon refuses the one it has", async () => {
    const page = await site.open({}, "AAAAAAAAAAAAAAAAAAAAAA");
    const card = page.getByRole("alert");
    await card.waitFor();
    assert.match(await textOf(card), /The daemon refused the token.*tiller status --page/);
    assert.equal(await page.evaluate(() => sessionStorage.getItem("tiller.token")), null);
    await page.getByLabel("Token").fill(site.daemon.token);
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
    assert.ok(await other.getByLabel("Token").isVisible());
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
    await send(page, "Anything");
    await page.waitForFunction(() => Object.values(window.tiller.state.answers)[0]!.tokens.length >= 5);
    process.kill(daemon.pid, "SIGKILL");
    await daemon.exited;

    const [broken] = await answered(page);
    assert.ok(broken!.text.length > 0);
    assert.equal(await textOf(page.locator(".answer .tokens")), broken!.text);
    const card = page.locator(".answer .problem");
    assert.match(await textOf(card), /The connection was lost.*The page reconnects by itself; then try again/);
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
  const site = useSite();

  it("says that it stops and what to do", async () => {
    const { page, daemon } = site;
    daemon.process.kill("SIGTERM");
    await once(daemon.process, "exit");
    const banner = page.locator(".banner");
    await banner.filter({ hasText: "npm start" }).waitFor();
    assert.ok(await banner.getByRole("button", { name: "Reconnect now" }).isVisible());
  });
});
