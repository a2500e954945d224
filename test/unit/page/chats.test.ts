/** Drafts of conversations, and which answers belong to the open one. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { newConversation, runningOf } from "../../../webview-ui/chat/messages.ts";
import { stripOf } from "../../../webview-ui/chat/strip.ts";
import { draftOf } from "../../../webview-ui/store/chats.ts";
import { emptyAnswer, INITIAL } from "../../../webview-ui/store/initial.ts";
import type { RackControl } from "../../../webview-ui/store/state.ts";
import { createStore } from "../../../webview-ui/store/store.ts";

const AT = "2026-11-28T00:00:00.000Z";

describe("page: drafts", () => {
  it("belong to their conversation; what was written before there was one goes to the first", () => {
    const store = createStore(INITIAL);
    store.dispatch({ type: "chat/draft", id: null, text: "early" });
    assert.equal(draftOf(store.get()), "early");
    store.dispatch({ type: "chat/new", conversation: newConversation("one", AT) });
    assert.equal(draftOf(store.get()), "early");
    store.dispatch({ type: "chat/new", conversation: newConversation("two", AT) });
    assert.equal(draftOf(store.get()), "");
    store.dispatch({ type: "chat/draft", id: "two", text: "later" });
    store.dispatch({ type: "chat/open", id: "one" });
    assert.equal(draftOf(store.get()), "early");
    store.dispatch({ type: "chat/draft", id: "one", text: "" });
    assert.deepEqual(store.get().drafts, { two: "later" });
  });

  it("come back with a conversation whose deletion was undone", () => {
    const store = createStore(INITIAL);
    const conversation = newConversation("one", AT);
    store.dispatch({ type: "chat/new", conversation });
    store.dispatch({ type: "chat/draft", id: "one", text: "half a" });
    store.dispatch({ type: "chat/delete", id: "one" });
    assert.equal(draftOf(store.get()), "");
    store.dispatch({ type: "chat/new", conversation });
    assert.equal(draftOf(store.get()), "half a");
  });
});

describe("page: answers that are being written", () => {
  it("count for the conversation that they belong to", () => {
    const turns = [
      { id: "q", role: "user", text: "?" },
      { id: "a", role: "assistant", answers: ["first", "again"], shown: 0 },
    ] as const;
    const one = { ...newConversation("one", AT), turns };
    const answers = {
      first: { ...emptyAnswer("first"), phase: "ended" as const },
      again: emptyAnswer("again"),
      compared: emptyAnswer("compared"),
    };
    assert.deepEqual(runningOf({ conversations: [one], current: "one", answers }), ["again"]);
    assert.deepEqual(runningOf({ conversations: [one], current: null, answers }), []);
    assert.deepEqual(runningOf({ conversations: [newConversation("two", AT), one], current: "two", answers }), []);
  });
});

describe("page: the sliders above the composer", () => {
  it("are the first three that are on, and a count of the others", () => {
    const control = (name: string, enabled = true): RackControl => ({
      name,
      enabled,
      base: 1,
      control: { use: "direction/x", strength: 1 },
    });
    const names = (controls: RackControl[]) => stripOf({ controls }).shown.map(({ name }) => name);
    const five = [control("a"), control("b", false), control("c"), control("d"), control("e"), control("f")];
    assert.deepEqual(names(five), ["a", "c", "d"]);
    assert.equal(stripOf({ controls: five }).more, 2);
    assert.deepEqual(stripOf({ controls: [control("a", false)] }), { shown: [], more: 0 });
  });
});
