/** A conversation's turns as the messages that the model gets. */
import type { Message } from "../../daemon/protocol/message.ts";
import { streamsOf } from "../store/outside.ts";
import type { AnswerState, AssistantTurn, Conversation, State, Turn } from "../store/state.ts";

export function shownAnswer(turn: AssistantTurn, answers: Readonly<Record<string, AnswerState>>): AnswerState | null {
  return answers[turn.answers[turn.shown] ?? ""] ?? null;
}

/** The answers of the open conversation that are not over; those of others and of a comparison do not count. */
export function runningOf({ conversations, current, answers }: Pick<State, "conversations" | "current" | "answers">): string[] {
  const turns = conversations.find(({ id }) => id === current)?.turns ?? [];
  return streamsOf({ turns }).filter((stream) => answers[stream] !== undefined && answers[stream].phase !== "ended");
}

/** The system prompt of the conversation, or the preset's where it has none; then the turns. Empty answers are left out. */
export function messagesOf(
  turns: readonly Turn[],
  answers: Readonly<Record<string, AnswerState>>,
  system: string,
  presetSystem: string | undefined,
): Message[] {
  const first = system.trim() !== "" ? system : (presetSystem ?? "");
  const messages: Message[] = first.trim() === "" ? [] : [{ role: "system", content: first }];
  for (const turn of turns) {
    if (turn.role === "user") messages.push({ role: "user", content: turn.text });
    else {
      const text = shownAnswer(turn, answers)?.text ?? "";
      const before = messages.at(-1);
      // An answer behind another one goes on with it.
      if (text !== "" && before?.role === "assistant")
        messages[messages.length - 1] = { role: "assistant", content: before.content + text };
      else if (text !== "") messages.push({ role: "assistant", content: text });
    }
  }
  return messages;
}

/** For a model without a chat template: the texts one after the other, to be continued. */
export function rawPromptOf(messages: readonly Message[]): string {
  return messages.map(({ content }) => content).join(" ");
}

export function newConversation(id: string, at: string): Conversation {
  return { id, title: "New conversation", named: false, system: "", turns: [], created: at, updated: at };
}
