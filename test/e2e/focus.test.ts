/** Whatever takes the focused element away, the focus goes to a place that helps; and Escape keeps nothing. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Locator } from "playwright-core";
import { answered, send, useSite } from "../support/page.ts";

const QUESTION = "Tell me a short story about the sea.";

describe("page: where the focus goes", () => {
  const site = useSite({ loaded: true });

  /** Waits until the element has the focus. */
  const focusOn = (what: Locator) => what.and(site.page.locator(":focus")).waitFor();
  const press = async (button: Locator) => {
    await button.focus();
    await site.page.keyboard.press("Enter");
  };

  it("to the message after an example of the empty page, and after Stop", async () => {
    const { page } = site;
    await press(page.locator(".welcome .row button").first());
    await focusOn(page.locator("#question"));
    // In the page, as the answer may end at any moment.
    await page.evaluate(() => document.querySelector<HTMLElement>(".composer .stop")?.focus());
    await answered(page);
    await focusOn(page.locator("#question"));
  });

  it("back to the button after an edit that was given up, to the message after one that was sent", async () => {
    const { page } = site;
    await send(page, QUESTION);
    await answered(page);
    const edit = page.getByRole("button", { name: "Edit and send again" });
    for (const how of ["Escape", "button"]) {
      await press(edit);
      await focusOn(page.getByRole("textbox", { name: /^Edit and send again/ }));
      if (how === "Escape") await page.keyboard.press("Escape");
      else await press(page.getByRole("button", { name: "Keep as it was" }));
      await focusOn(edit);
    }
    await press(edit);
    await press(page.getByRole("button", { name: "Send again", exact: true }));
    await focusOn(page.locator("#question"));
    await answered(page);
  });

  it("to the new answer, between the answers, and to the comparison", async () => {
    const { page } = site;
    await send(page, QUESTION);
    await answered(page);
    await press(page.getByRole("button", { name: "Regenerate" }));
    await focusOn(page.getByRole("article", { name: "Answer" }));
    await page.getByText("2/2").waitFor();
    await answered(page);
    await press(page.getByRole("button", { name: "Earlier answer" }));
    await focusOn(page.getByRole("button", { name: "Later answer" }));
    await page.keyboard.press("Enter");
    await focusOn(page.getByRole("button", { name: "Earlier answer" }));
    await press(page.getByRole("button", { name: "Compare steered with plain" }));
    await focusOn(page.getByRole("heading", { name: "Compare steered with plain" }));
  });

  it("gives a new name up with Escape, keeps it with Enter, and stays with the conversation", async () => {
    const { page } = site;
    await send(page, QUESTION);
    await answered(page);
    await press(page.getByRole("button", { name: /^More for / }));
    const rename = page.getByRole("button", { name: "Rename" });
    const name = page.getByRole("textbox", { name: "Name of the conversation" });
    await press(rename);
    await name.fill("Not this");
    await page.keyboard.press("Escape");
    await focusOn(rename);
    assert.equal(await page.locator(".entry-title").first().textContent(), QUESTION);
    await press(rename);
    await name.fill("Sea stories");
    await page.keyboard.press("Enter");
    await focusOn(rename);
    assert.equal(await page.locator(".entry-title").first().textContent(), "Sea stories");
    await press(rename);
    await name.fill("By the sea");
    await page.locator("#question").click();
    await page.getByRole("heading", { name: "By the sea" }).waitFor();
    await focusOn(page.locator("#question"));

    await press(page.getByRole("button", { name: "Delete" }));
    await focusOn(page.getByRole("button", { name: "Undo" }));
    await page.keyboard.press("Enter");
    await focusOn(page.locator(".entry-title").first());
  });
});
