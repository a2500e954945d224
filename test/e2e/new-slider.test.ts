import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { answered, send, textOf, useSite } from "../support/page.ts";

const TEXTS = [
  "I went to the market.",
  "We talked for a long time.",
  "The train was late.",
  "My sister called me.",
  "It rained all day.",
  "The house is old.",
];

describe("page: a slider of one's own", () => {
  const site = useSite({ loaded: true });

  it("is found from a contrast, put into the rack, and steers", async () => {
    const { page, rpc } = site;
    await page.getByRole("button", { name: "New slider …" }).click();
    const dialog = page.getByRole("dialog", { name: "New slider" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Bright mood");
    await dialog.getByRole("textbox", { name: "Template with the property" }).fill("You are very happy. {}");
    await dialog.getByRole("textbox", { name: "Template without it" }).fill("You are very sad. {}");
    await dialog.getByRole("button", { name: "Start" }).click();
    assert.match(await textOf(dialog.getByRole("alert")), /Texts for \{\}, one a line: is needed/);
    await dialog.getByRole("textbox", { name: "Texts for {}, one a line" }).fill(TEXTS.join("\n"));
    await dialog.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Put it in the rack" }).click();
    const slider = page.getByRole("slider", { name: "Bright mood" });
    await slider.waitFor();
    assert.equal(await slider.inputValue(), "0");
    assert.match(await textOf(page.locator(".evidence")), /\d+ held-out questions are too few to tell how well it separates/);
    const { artifacts } = await rpc.call("artifact.list");
    assert.ok(artifacts.some(({ id }: { id: string }) => id === "direction/bright-mood"));

    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await send(page, "How are you?");
    const [answer] = await answered(page);
    assert.equal(answer!.steered?.steered, true);
    assert.match(await textOf(page.locator(".steered")), new RegExp(`^steered: bright-mood ${await slider.inputValue()}`));
  });

  it("is added from an artifact of the store, changed, and removed", async () => {
    const { page, rpc } = site;
    const { artifacts } = await rpc.call("artifact.list");
    await page.getByRole("button", { name: "Add", exact: true }).click();
    const form = page.getByRole("form", { name: "Add a slider" });
    await form.getByRole("combobox", { name: "Artifact" }).selectOption(artifacts[0].id);
    const name = form.getByRole("textbox", { name: "Name" });
    await name.fill("1 wrong");
    assert.match(await textOf(form.getByRole("alert")), /A name starts with a letter/);
    assert.ok(await form.getByRole("button", { name: "Add slider" }).isDisabled());
    await name.fill("mine");
    await form.getByRole("combobox", { name: "Mode" }).selectOption("set");
    await form.getByRole("combobox", { name: "Scope" }).selectOption("answer");
    await form.getByRole("button", { name: "Add slider" }).click();
    const number = page.getByRole("spinbutton", { name: "mine, strength as a number" });
    await number.fill("1");
    await page.keyboard.press("Tab");
    await send(page, "How are you?");
    const [answer] = await answered(page);
    const [control] = answer!.steered!.controls;
    assert.deepEqual([control!.name, control!.settings["mode"], control!.scope, control!.strength], ["mine", "set", "answer", 1]);
    await page.getByRole("button", { name: "Settings of mine" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    assert.equal(await page.getByRole("slider").count(), 0);
  });
});
