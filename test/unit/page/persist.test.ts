/** What survives a reload, also where the browser's storage is small or damaged. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { HostStorage } from "../../../webview-ui/host/host.ts";
import { emptyAnswer, INITIAL } from "../../../webview-ui/store/initial.ts";
import { keep, restore } from "../../../webview-ui/store/persist.ts";
import type { AnswerState, Conversation } from "../../../webview-ui/store/state.ts";
import { createStore } from "../../../webview-ui/store/store.ts";

/** A host's storage with a quota in characters. */
class Shelf implements HostStorage {
  readonly #entries = new Map<string, string>();
  readonly #quota: number;

  constructor(quota = Number.POSITIVE_INFINITY) {
    this.#quota = quota;
  }

  keys(): string[] {
    return [...this.#entries.keys()];
  }
  get(key: string): string | null {
    return this.#entries.get(key) ?? null;
  }
  set(key: string, value: string): void {
    const others = [...this.#entries].reduce((sum, [name, text]) => sum + (name === key ? 0 : name.length + text.length), 0);
    if (others + key.length + value.length > this.#quota) throw new DOMException("full", "QuotaExceededError");
    this.#entries.set(key, value);
  }
  onChange(): () => void {
    return () => undefined;
  }
  remove(key: string): void {
    this.#entries.delete(key);
  }
}

/** A page that never goes away. */
const STAYS = () => () => undefined;

function conversation(n: number): { conversation: Conversation; answer: AnswerState } {
  const stream = `a-${n}`;
  const tokens = Array.from({ length: 30 }, (_, index) => ({
    ...{ index, id: index, text: "word ", logprob: -1 },
    top: [{ id: 1, text: "other", logprob: -2 }],
  }));
  const at = `2026-11-${10 + n}T00:00:00.000Z`;
  return {
    answer: { ...emptyAnswer(stream), phase: "ended", text: "word ".repeat(30), tokens },
    conversation: {
      ...{ id: `chat-${n}`, title: `Chat ${n}`, named: false, system: "", created: at, updated: at },
      turns: [
        { id: `q-${n}`, role: "user", text: "Question" },
        { id: `t-${n}`, role: "assistant", answers: [stream], shown: 0 },
      ],
    },
  };
}

function saved(storage: HostStorage, count: number): void {
  const store = createStore(INITIAL);
  const stop = keep(storage, store, STAYS);
  for (let n = 0; n < count; n++) {
    const made = conversation(n);
    store.dispatch({ type: "restored", state: { answers: { ...store.get().answers, [made.answer.stream]: made.answer } } });
    store.dispatch({ type: "chat/new", conversation: made.conversation });
  }
  stop();
}

describe("page: what is kept", () => {
  it("restores conversations, newest first, without the alternatives of tokens", () => {
    const storage = new Shelf();
    saved(storage, 3);
    const state = restore(storage, INITIAL);
    assert.deepEqual(
      state.conversations?.map(({ id }) => id),
      ["chat-2", "chat-1", "chat-0"],
    );
    const answer = state.answers!["a-1"]!;
    assert.equal(answer.tokens.length, 30);
    assert.ok(answer.tokens.every(({ top }) => top === undefined));
  });

  it("drops token details of the oldest conversations when the storage is full, never a text", () => {
    const whole = new Shelf();
    saved(whole, 6);
    const size = whole.keys().reduce((sum, key) => sum + key.length + whole.get(key)!.length, 0);
    const small = new Shelf(Math.round(size * 0.6));
    saved(small, 6);
    const state = restore(small, INITIAL);
    assert.equal(state.conversations?.length, 6);
    for (let n = 0; n < 6; n++) assert.equal(state.answers![`a-${n}`]!.text, "word ".repeat(30), `text of ${n}`);
    const detailed = [0, 1, 2, 3, 4, 5].filter((n) => state.answers![`a-${n}`]!.tokens.length > 0);
    assert.ok(detailed.length > 0 && detailed.length < 6, `with details: ${detailed}`);
    assert.ok(!detailed.includes(0), "the oldest gave its details first");
  });

  it("keeps the text of a conversation that is too large by itself, without its tokens", () => {
    const whole = new Shelf();
    saved(whole, 1);
    const small = new Shelf(whole.keys().reduce((sum, key) => sum + key.length + whole.get(key)!.length, 0) - 200);
    saved(small, 1);
    const { answers } = restore(small, INITIAL);
    assert.equal(answers!["a-0"]!.text, "word ".repeat(30));
    assert.equal(answers!["a-0"]!.tokens.length, 0);
  });

  it("ends an answer that was running, forgets what was deleted, and survives damage", () => {
    const storage = new Shelf();
    const store = createStore(INITIAL);
    const stop = keep(storage, store, STAYS);
    const { conversation: chat, answer } = conversation(1);
    store.dispatch({ type: "restored", state: { answers: { [answer.stream]: { ...answer, phase: "running" } } } });
    store.dispatch({ type: "chat/new", conversation: chat });
    stop();
    const { phase, reason } = restore(storage, INITIAL).answers![answer.stream]!;
    assert.deepEqual([phase, reason], ["ended", "cancelled"]);

    const again = createStore({ ...INITIAL, ...restore(storage, INITIAL) });
    const stopAgain = keep(storage, again, STAYS);
    again.dispatch({ type: "chat/delete", id: chat.id });
    stopAgain();
    assert.deepEqual(restore(storage, INITIAL).conversations, []);

    storage.set("tiller.chat.1.damaged", "{");
    storage.set("tiller.settings.1", "nonsense");
    assert.deepEqual(restore(storage, INITIAL).conversations, []);
  });

  it("restores drafts, also of a conversation that has nothing else, and forgets those of deleted ones", () => {
    const storage = new Shelf();
    saved(storage, 1);
    const store = createStore({ ...INITIAL, ...restore(storage, INITIAL) });
    const stop = keep(storage, store, STAYS);
    const empty = { ...conversation(2).conversation, turns: [] };
    store.dispatch({ type: "chat/draft", id: "chat-0", text: "half a" });
    store.dispatch({ type: "chat/new", conversation: empty });
    store.dispatch({ type: "chat/draft", id: empty.id, text: "a beginning" });
    stop();
    const state = restore(storage, INITIAL);
    assert.deepEqual(state.drafts, { "chat-0": "half a", [empty.id]: "a beginning" });
    assert.equal(state.current, empty.id);

    const again = createStore({ ...INITIAL, ...state });
    const stopAgain = keep(storage, again, STAYS);
    again.dispatch({ type: "chat/draft", id: empty.id, text: "" });
    again.dispatch({ type: "chat/delete", id: "chat-0" });
    stopAgain();
    const { drafts, conversations } = restore(storage, INITIAL);
    assert.deepEqual([drafts, conversations], [{}, []]);
  });
});
