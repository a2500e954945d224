/** The chat in a real VS Code: the packaged extension, the daemon that it starts, the embedded model. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ask, useWorkbench, type Window } from "../support/workbench.ts";

const QUESTION = "How are you today?";

/** Asks in a conversation of its own. */
async function askAnew(window: Window): Promise<{ text: string; steered: string }> {
  await window.run("Tiller: New Chat");
  await window.until((state) => state.conversations.find(({ id }) => id === state.current)?.turns.length === 0);
  const { text, steered } = await ask(window, QUESTION);
  return { text, steered: steered?.summary ?? "" };
}

describe("VS Code: the chat", () => {
  const bench = useWorkbench();

  it("opens by its icon, starts the daemon, and answers as the slider stands: at 0 as without it", async () => {
    const window = await bench.open();
    assert.equal(await bench.daemon(), null, "nothing is started before it is asked for");
    await window.openTiller();
    await window.ready();
    assert.ok((await bench.daemon()) !== null);
    await window.chat.getByRole("button", { name: "Keep this seed for every answer" }).click();
    const plain = await askAnew(window);
    assert.match(plain.steered, /^NOT steered/i);
    await window.status.filter({ hasText: "not steered" }).waitFor();

    await window.run("Tiller: Apply Preset");
    await window.pick("Joyful");
    await window.until((state) => state.rack.preset === "joyful");
    await window.status.filter({ hasText: "Joyful · steered" }).waitFor();
    const slider = window.chat.getByRole("region", { name: "Sliders that are on" }).getByRole("slider");
    await slider.press("End");
    const joyful = await askAnew(window);
    assert.match(joyful.steered, /joy 1\b/);
    assert.notEqual(joyful.text, plain.text);
    await bench.picture(window, "chat-steered");

    await slider.press("Home");
    await window.status.filter({ hasText: "Joyful · not steered" }).waitFor();
    const zero = await askAnew(window);
    assert.equal(zero.text, plain.text);
  });

  it("keeps conversations, sliders and the daemon over a reload of the window", async () => {
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    await window.run("Tiller: Apply Preset");
    await window.pick("Joyful");
    await window.until((state) => state.rack.preset === "joyful");
    const { text } = await ask(window, QUESTION);
    const before = (await bench.daemon())!;
    // what is kept is written half a second after the last change
    await window.chat.locator("#question").fill("half a question");
    while (!bench.kept().some((entry) => entry.includes("half a question"))) await new Promise((resolve) => setTimeout(resolve, 50));
    await window.page.reload();
    await window.chat.locator("#question").waitFor();
    await window.ready();
    await window.chat.locator(".answer .rendered").getByText(text.split(/\s+/)[0]!).first().waitFor();
    assert.equal(await window.chat.locator("#question").inputValue(), "half a question");
    assert.equal(await window.state(({ rack }) => rack.preset), "joyful");
    assert.equal((await bench.daemon())!.pid, before.pid);
    assert.equal((await ask(window, "And now?")).phase, "ended");
  });

  it("goes on writing while another view is looked at", async () => {
    const window = await bench.open();
    await window.openTiller();
    await window.ready();
    const before = await window.state(({ answers }) => Object.keys(answers).length);
    const answer = ask(window, "Tell me a short story about the sea.");
    // not its phase: between two looks a short answer may already have ended
    while ((await window.state(({ answers }) => Object.keys(answers).length)) === before)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await window.page.locator(".activitybar").getByRole("tab", { name: "Explorer" }).click();
    await window.chat.locator("#question").waitFor({ state: "hidden" });
    await window.page.locator(".activitybar").getByRole("tab", { name: "Tiller" }).click();
    await window.chat.locator("#question").waitFor();
    assert.match((await answer).reason ?? "", /^(end|length)$/);
  });
});
