/** Answers as Markdown: streamed by the real model under a grammar that dictates them, and stored ones with hostile content. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { addToCalls, answered, asTokens, limitAnswers, send, shot, textOf, useSite } from "../support/page.ts";
import { openStored } from "../support/stored-chat.ts";

const ANSWER = [
  "# Waves\n\nThe sea is **very deep** and *wide*, see `depth`.\n\n- one **thing**\n- another\n\n",
  "| zone | metres |\n|---|--:|\n| shelf | 200 |\n| trench | 11000 |\n\n",
  '```js\nconst depth = 200; // metres\nconsole.log("sea", depth);\n```\n\n',
  "The speed is \\(v = \\sqrt{g d}\\), about $44 a ticket.\n\n$$\nv^2 = g d\n$$\n",
].join("");

describe("page: answers as Markdown", () => {
  const site = useSite({ loaded: true });

  it("a streamed answer: headings, lists, a table, colours, formulas; no mark of Markdown is seen on the way; parts come when needed", async () => {
    const { page } = site;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await limitAnswers(page, 2000);
    await addToCalls(page, "generate.chat", { grammar: `root ::= ${JSON.stringify(ANSWER)}` });
    await page.evaluate(() => {
      const seen = { marks: [] as string[], headings: 0, batches: 0 };
      Object.assign(window, { seen });
      new MutationObserver(() => {
        const shown = document.querySelector(".rendered");
        if (shown === null) return;
        seen.batches++;
        const text = [...shown.querySelectorAll(":scope > :not(figure)")].map((part) => part.textContent).join("\n");
        if (/\*|\|/.test(text)) seen.marks.push(text.slice(-80));
        seen.headings = Math.max(seen.headings, shown.querySelectorAll("h3, h4, h5, h6").length);
      }).observe(document.querySelector("#main")!, { subtree: true, childList: true, characterData: true });
    });
    assert.ok(!asked.some((path) => /markdown|code|math/.test(path)));
    await send(page, "Tell me of the sea.");
    const [answer] = await answered(page);
    assert.equal(answer!.text, ANSWER.trimEnd() === answer!.text ? ANSWER.trimEnd() : ANSWER);
    const rendered = page.locator(".rendered");
    await rendered.locator("math").nth(1).waitFor();
    await rendered.locator(".hljs-keyword").first().waitFor();
    const seen = await page.evaluate(() => (window as unknown as { seen: { marks: string[]; headings: number; batches: number } }).seen);
    assert.deepEqual(seen.marks, []);
    assert.equal(seen.headings, 1);
    assert.ok(seen.batches > 2, `it was streamed: ${seen.batches}`);
    assert.deepEqual(await rendered.locator("td").allTextContents(), ["shelf", "200", "trench", "11000"]);
    assert.deepEqual(await rendered.locator("strong").allTextContents(), ["very deep", "thing"]);
    assert.deepEqual(await rendered.locator("li").allTextContents(), ["one thing", "another"]);
    assert.match(await textOf(rendered), /about \$44 a ticket\./);
    for (const path of ["/markdown.js", "/code.js", "/math.js"]) assert.equal(asked.filter((one) => one === path).length, 1, path);
    await shot(page, "rendered");
    await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
    await shot(page, "rendered-dark");
    await page.getByRole("combobox", { name: "Theme" }).selectOption("contrast");
    await shot(page, "rendered-contrast");
    await page.setViewportSize({ width: 320, height: 700 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await shot(page, "rendered-320");
  });

  it("a click looks at the token under it, arrow keys go on from there, and the other view shows the same one", async () => {
    const { page } = site;
    await openStored(page, ["Tell me.", "The **deep sea** is *wide*.\n\n- cold water\n- salt"]);
    await page
      .locator(".rendered strong")
      .getByText("deep sea")
      .click({ position: { x: 4, y: 8 } });
    const inspector = page.locator(".inspector-head");
    assert.match(await textOf(inspector), /␣\*\*deep *token 1 /);
    await page.locator(".rendered").focus();
    await page.keyboard.press("ArrowRight");
    assert.match(await textOf(inspector), /sea\*\* *token 2 /);
    assert.equal(await textOf(page.locator(".rendered .tok[data-active]")), " sea");
    await page
      .locator(".rendered li")
      .nth(1)
      .click({ position: { x: 12, y: 8 } });
    assert.match(await textOf(inspector), /salt *token 9 /);
    await asTokens(page);
    assert.match(await textOf(inspector), /salt *token 9 /);
    assert.equal(await textOf(page.locator(".tok[data-active]")), " salt");
    await page.keyboard.press("Escape");
  });

  it("hostile content is text: nothing runs, nothing is fetched, a link asks first and opens https alone", async () => {
    const { page } = site;
    const hostile = [
      '<script>window.hacked = 1</script><img src="https://example.org/x.png" onerror="window.hacked = 2">',
      "[run](javascript:window.hacked=3) [data](data:text/html,<script>1</script>) ![look](https://example.org/look.png)",
      "[good](https://example.org/path?q=1) https://example.com/bare",
      "$\\href{javascript:window.hacked=4}{x}$ $\\includegraphics{https://example.org/y.png}$ $\\unknowncommand{$",
      `| ${"a |".repeat(200)}\n| ${"-- |".repeat(200)}\n${`| ${"1 |".repeat(200)}\n`.repeat(30)}`,
      `\`\`\`html\n<script>window.hacked = 5</script>\n${"x".repeat(100_000)}`,
    ].join("\n\n");
    await openStored(page, ["Show me.", hostile, "And?", `${"word ".repeat(20_000)}\n\n${"[".repeat(5000)}`]);
    await page.locator(".rendered").nth(1).waitFor();
    await page.locator(".rendered .md-code").waitFor();
    assert.equal(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked), undefined);
    assert.equal(await page.locator(".rendered :is(script, img, iframe, a[href], object, [onerror], [href])").count(), 0);
    assert.match(await textOf(page.locator(".rendered").first()), /<script>window\.hacked = 1<\/script>/);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));

    const dialog = page.getByRole("dialog", { name: "Where this link leads" });
    await page.locator(".md-link").getByText("run", { exact: true }).click();
    assert.match(await textOf(dialog), /This address is not opened from here.*javascript:window\.hacked=3/);
    assert.equal(await dialog.getByRole("button", { name: "Open" }).count(), 0);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "run");
    await page.getByRole("button", { name: "good", exact: true }).click();
    assert.match(await textOf(dialog), /Open this address\?.*https:\/\/example\.org\/path\?q=1/);
    await shot(page, "link");
    assert.equal(page.context().pages().length, 1);
    await page.context().route("https://example.org/**", (route) => route.fulfill({ body: "there" }));
    const opened = page.context().waitForEvent("page");
    await dialog.getByRole("button", { name: "Open" }).click();
    const other = await opened;
    await other.waitForURL("https://example.org/path?q=1");
    assert.equal(await other.evaluate(() => opener), null);
    await dialog.waitFor({ state: "detached" });
  });

  it("code is copied by its own button; what was thought is folded, and opens", async () => {
    const { page } = site;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await openStored(page, ["Think.", "<think>\nFirst *this*.\n</think>\n\n1. Do\n\n   ```py\n   x = 1\n\n   y = 2\n   ```\n\nDone."]);
    await page.getByRole("button", { name: "Copy this code" }).click();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "x = 1\n\ny = 2");
    const thought = page.locator(".thinking p");
    assert.ok(await thought.isHidden());
    await page.getByText(/^Thought, /).click();
    assert.ok(await thought.isVisible());
    assert.equal(await textOf(thought), "First this.");
  });

  it("where the part that renders cannot be loaded, the text is there as it was written, and loads when asked again", async () => {
    const { page } = site;
    await page.route("**/markdown.js", (route) => route.abort());
    await openStored(page, ["Tell me.", "The **deep** sea."]);
    await page.getByText("could not be loaded").waitFor();
    assert.equal(await textOf(page.locator(".answer .tokens")), "The **deep** sea.");
    await page.unroute("**/markdown.js");
    await page.getByRole("button", { name: "Load it again" }).click();
    await page.locator(".rendered strong").waitFor();
  });

  it("of a conversation of 500 turns only what is near is rendered; what is scrolled to is, and a new answer changes nothing above it", async () => {
    const { page } = site;
    const texts = Array.from({ length: 500 }, (_, i) =>
      i % 2 === 0 ? `Question ${i}` : `Answer **${i}**: ${"some words of it, ".repeat(40)}\n\n- a\n- b`,
    );
    await openStored(page, texts);
    await page.locator(".rendered").last().waitFor();
    assert.equal(await page.locator(".turn").count(), 500);
    const live = await page.locator(".rendered").count();
    assert.ok(live < 60, `${live} are rendered`);
    assert.ok(
      await page.locator(".transcript").evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 48),
    );
    await limitAnswers(page, 40);
    await page.evaluate(() => {
      const touched = { above: 0 };
      Object.assign(window, { touched });
      const last = [...document.querySelectorAll(".turn")].slice(0, 480);
      const observer = new MutationObserver((records) => {
        touched.above += records.length;
      });
      for (const turn of last) observer.observe(turn, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    await send(page, "One more.");
    await page.waitForFunction(() => document.querySelectorAll(".turn").length === 502);
    await page.waitForFunction(() => Object.values(window.tiller.state.answers).every(({ phase }) => phase === "ended"));
    assert.equal(await page.evaluate(() => (window as unknown as { touched: { above: number } }).touched.above), 0);
    await page.locator(".transcript").evaluate((element) => element.scrollTo(0, 0));
    await page.locator(".turn").nth(1).locator(".rendered strong").waitFor();
  });
});
