/** The form of a new slider: it replaces nothing unasked and loses nothing that was typed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { textOf, useSite } from "../support/page.ts";

describe("page: the form of a new slider", () => {
  const site = useSite();

  it("asks before it replaces a slider, and says when that is a shipped one", async () => {
    const { page, rpc } = site;
    await page.getByRole("button", { name: "New slider …" }).click();
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.getByRole("combobox", { name: "Experiment" }).selectOption("directions/from-words");
    await dialog.getByRole("textbox", { name: "A word, or a sentence that asks for it" }).fill("Joy");
    await dialog.getByRole("button", { name: "Start" }).click();
    const ask = dialog.getByRole("alert");
    assert.match(await textOf(ask), /There is a slider called joy already\. It comes with Tiller: .* comes back when yours is deleted/);
    assert.deepEqual((await rpc.call("job.list")).jobs, []);
    await ask.getByRole("button", { name: "Another name" }).click();
    await page.keyboard.type("!!!");
    await ask.waitFor({ state: "detached" });
    await dialog.getByRole("button", { name: "Start" }).click();
    await dialog.waitFor({ state: "detached" });
    const [job] = (await rpc.call("job.list")).jobs;
    assert.match(job.about, /^direction\/slider-[0-9a-z]{7}$/);
    await rpc.call("job.cancel", { job: job.id });

    await page.getByRole("button", { name: "New slider …" }).click();
    await dialog.getByRole("combobox", { name: "Experiment" }).selectOption("directions/from-pairs");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Joy");
    await dialog.getByRole("textbox", { name: "Template with the property" }).fill("Good: {}");
    await dialog.getByRole("textbox", { name: "Template without it" }).fill("Bad: {}");
    await dialog.getByRole("textbox", { name: "Texts for {}, one a line" }).fill("one\ntwo\nthree");
    await dialog.getByRole("button", { name: "Start" }).click();
    await ask.getByRole("button", { name: "Replace" }).click();
    await dialog.waitFor({ state: "detached" });
    const [replacing] = (await rpc.call("job.list")).jobs;
    assert.equal(replacing.about, "direction/joy");
    await rpc.call("job.cancel", { job: replacing.id });
  });

  it("keeps what was typed for each kind, also when it is closed, and drops an error that was another kind's", async () => {
    const { page } = site;
    const open = page.getByRole("button", { name: "New slider …" });
    await open.click();
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.getByRole("combobox", { name: "Experiment" }).selectOption("directions/from-pairs");
    const template = dialog.getByRole("textbox", { name: "Template with the property" });
    await template.fill("Politely: {}");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Polite");
    await dialog.getByRole("button", { name: "Start" }).click();
    assert.match(await textOf(dialog.getByRole("alert")), /Template without it: is needed/);
    await dialog.getByRole("radio", { name: "Contrast pairs" }).check();
    assert.equal(await dialog.getByRole("alert").count(), 0);
    const pairs = dialog.getByRole("textbox", { name: "With the property, one text a line" });
    assert.equal(await pairs.inputValue(), "");
    await pairs.fill("Please.\nThank you.");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await open.click();
    assert.equal(await pairs.inputValue(), "Please.\nThank you.");
    await dialog.getByRole("radio", { name: "Two templates and texts" }).check();
    assert.equal(await template.inputValue(), "Politely: {}");
    assert.notEqual(await dialog.getByRole("textbox", { name: "Name" }).getAttribute("placeholder"), "joy");
  });
});
