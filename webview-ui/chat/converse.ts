/** What a person does in a conversation: send, regenerate, edit and resend, stop. */
import type { Pusher } from "../rack/push.ts";
import { answeredAgain, editedAt } from "../store/branches.ts";
import { newId, rollSeed } from "../store/ids.ts";
import type { Conversation, Turn } from "../store/state.ts";
import type { App } from "../store/store.ts";
import { messagesOf, newConversation, runningOf } from "./messages.ts";
import { ask, stop } from "./run.ts";

const now = () => new Date().toISOString();

export function startConversation(app: App): Conversation {
  const empty = app.store.get().conversations.find(({ turns, named, system }) => turns.length === 0 && !named && system === "");
  const conversation = empty ?? newConversation(newId("chat"), now());
  app.store.dispatch(empty === undefined ? { type: "chat/new", conversation } : { type: "chat/open", id: empty.id });
  return conversation;
}

export function currentConversation(app: App): Conversation | null {
  const { conversations, current } = app.store.get();
  return conversations.find(({ id }) => id === current) ?? null;
}

export async function send(app: App, pusher: Pusher, text: string): Promise<void> {
  const conversation = currentConversation(app) ?? startConversation(app);
  const turns: Turn[] = [...conversation.turns, { id: newId("turn"), role: "user", text }];
  await answerNext(app, pusher, conversation.id, turns);
}

/** A new answer to the same question; the earlier one stays and can be looked at again. */
export async function regenerate(app: App, pusher: Pusher, turnId: string): Promise<void> {
  const conversation = currentConversation(app);
  const at = conversation?.turns.findIndex(({ id }) => id === turnId) ?? -1;
  const turn = conversation?.turns[at];
  if (conversation === null || turn === undefined || turn.role !== "assistant") return;
  const stream = newId("a");
  await answerTo(app, pusher, conversation.id, stream, conversation.turns.slice(0, at), answeredAgain(conversation.turns, at, stream));
}

/** Goes on with the last answer where it stopped, as an answer of its own behind it. */
export async function goOn(app: App, pusher: Pusher): Promise<void> {
  const conversation = currentConversation(app);
  if (conversation?.turns.at(-1)?.role !== "assistant") return;
  await answerNext(app, pusher, conversation.id, conversation.turns);
}

/** The edited question begins another branch; the one with the old question stays reachable. */
export async function resend(app: App, pusher: Pusher, turnId: string, text: string): Promise<void> {
  const conversation = currentConversation(app);
  const at = conversation?.turns.findIndex(({ id }) => id === turnId) ?? -1;
  if (conversation === null || at < 0) return;
  await answerNext(app, pusher, conversation.id, editedAt(conversation.turns, at, newId("turn"), text));
}

export function stopCurrent(app: App): void {
  for (const stream of runningOf(app.store.get())) void stop(app, stream);
}

/** The seed of the next answer: the locked one, or a fresh throw that is shown beside the dice. */
export function nextSeed(app: App): number {
  const { seed, seedLocked } = app.store.get().sampling;
  if (seedLocked) return seed;
  const rolled = rollSeed();
  app.store.dispatch({ type: "sampling/options", options: { seed: rolled } });
  return rolled;
}

/** An answer behind these turns. */
async function answerNext(app: App, pusher: Pusher, id: string, before: readonly Turn[]): Promise<void> {
  const stream = newId("a");
  const turn: Turn = { id: newId("turn"), role: "assistant", answers: [stream], shown: 0 };
  await answerTo(app, pusher, id, stream, before, [...before, turn]);
}

/** @param before what the model reads; @param turns the conversation with the new answer in it */
async function answerTo(
  app: App,
  pusher: Pusher,
  id: string,
  stream: string,
  before: readonly Turn[],
  turns: readonly Turn[],
): Promise<void> {
  const { store } = app;
  store.dispatch({ type: "chat/turns", id, turns, at: now() });
  const state = store.get();
  const system = state.conversations.find((conversation) => conversation.id === id)?.system ?? "";
  const messages = messagesOf(before, state.answers, system, state.rack.rest.system);
  await ask(app, pusher, { stream, messages, seed: nextSeed(app), steered: true, heat: true });
}
