/** How a page gets in, and what it tells to whoever answers in the daemon's place. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { describe, it } from "mocha";
import { textOf, useSite } from "../support/page.ts";

describe("page: signing in", () => {
  const site = useSite();

  const address = async (): Promise<string> => `${site.daemon.url}/#code=${(await site.rpc.call("daemon.pageCode")).code}`;

  it("the address that the command line prints opens the page once: not in another window, but again in its own tab", async () => {
    const { page } = site;
    const printed = await address();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto("about:blank");
    await page.goto(printed);
    await site.ready(page);
    assert.equal(page.url(), `${site.daemon.url}/`);
    const token = await page.evaluate(() => sessionStorage.getItem("tiller.token"));
    assert.ok(token !== null && token !== site.daemon.token && !printed.includes(token));
    await page.reload();
    await site.ready(page);
    await page.goto("about:blank");
    await page.goto(printed);
    await site.ready(page);

    const other = await (await site.browser.newContext()).newPage();
    await other.goto(printed);
    const card = other.getByRole("alert");
    await card.waitFor();
    assert.match(await textOf(card), /used already, or is too old.*tiller status --page/);
    await other.getByLabel("Address, or token").fill(await address());
    await other.keyboard.press("Enter");
    await site.ready(other);
  });

  it("another program that took the daemon's port is shown nothing", async () => {
    const { page, daemon } = site;
    await page.goto("about:blank");
    await page.goto(await address());
    await site.ready(page);
    const token = (await page.evaluate(() => sessionStorage.getItem("tiller.token")))!;
    await page.getByRole("textbox", { name: "Message" }).fill("a secret plan");
    process.kill(daemon.pid, "SIGKILL");
    await daemon.exited;
    const heard: string[] = [];
    const thief = createServer((request, response) => {
      heard.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      request.on("data", (chunk: Buffer) => heard.push(chunk.toString()));
      request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ proof: "00" })));
    });
    thief.on("upgrade", ({ headers }, socket) => {
      heard.push(JSON.stringify(headers));
      socket.destroy();
    });
    await new Promise<void>((resolve) => thief.listen(daemon.port, "127.0.0.1", resolve));
    try {
      await page.getByText("another program answers at this address").first().waitFor();
      assert.ok(
        heard.some((text) => text.includes("/v1/page/proof")),
        heard.join("\n"),
      );
      for (const text of heard) assert.ok(!text.includes(token) && !text.includes("secret") && !text.includes("tiller.token"), text);
    } finally {
      thief.closeAllConnections();
      thief.close();
    }
  });
});
