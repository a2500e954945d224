/** Starts a comparison: the same messages and seed, once with the sliders and once without, at the same time. */

import type { Message } from "../../daemon/protocol/message.ts";
import { nextSeed } from "../chat/converse.ts";
import { shownAnswer } from "../chat/messages.ts";
import { ask, stop } from "../chat/run.ts";
import type { Pusher } from "../rack/push.ts";
import { newId } from "../store/ids.ts";
import type { Conversation } from "../store/state.ts";
import type { App } from "../store/store.ts";

export async function compare(app: App, pusher: Pusher, seed: number = nextSeed(app)): Promise<void> {
  const { store } = app;
  const { prompt, system, before } = store.get().compare;
  const messages: Message[] = [
    ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
    ...before,
    { role: "user", content: prompt },
  ];
  const steered = newId("c");
  const plain = newId("c");
  store.dispatch({ type: "compare", compare: { steered, plain } });
  await Promise.all([
    ask(app, pusher, { stream: steered, messages, seed, steered: true, heat: true }),
    ask(app, pusher, { stream: plain, messages, seed, steered: false, heat: false }),
  ]);
}

export function stopCompare(app: App): void {
  const { compare: pair, answers } = app.store.get();
  for (const stream of [pair.steered, pair.plain]) if (stream !== null && answers[stream]?.phase !== "ended") void stop(app, stream);
}

/** From an answer of a conversation: its question, what came before, and its seed. */
export function compareFrom(app: App, conversation: Conversation, turnId: string, pusher: Pusher): void {
  const { answers, rack } = app.store.get();
  const at = conversation.turns.findIndex(({ id }) => id === turnId);
  const turn = conversation.turns[at];
  const question = conversation.turns[at - 1];
  if (turn?.role !== "assistant" || question?.role !== "user") return;
  const before = conversation.turns.slice(0, at - 1).flatMap((entry) => {
    const content = entry.role === "user" ? entry.text : (shownAnswer(entry, answers)?.text ?? "");
    return content === "" ? [] : [{ role: entry.role, content }];
  });
  const system = conversation.system.trim() === "" ? (rack.rest.system ?? "") : conversation.system;
  app.store.dispatch({ type: "compare", compare: { prompt: question.text, system, before } });
  app.store.dispatch({ type: "view", view: "compare" });
  void compare(app, pusher, shownAnswer(turn, answers)?.seed ?? nextSeed(app));
}
