/** What another tab of the page has made of a conversation, joined with what this one has. Pure. */
import { everyTurn, mergedTurns } from "./branches.ts";
import type { AnswerState, Conversation, State } from "./state.ts";

type Chats = Pick<State, "conversations" | "answers">;

/** @param answers as the other tab stored them: one that it still follows is shown as far as it is */
export function joined(chats: Chats, conversation: Conversation, answers: Readonly<Record<string, AnswerState>>): Chats {
  const mine = chats.conversations.find(({ id }) => id === conversation.id);
  const news = Object.fromEntries(Object.entries(answers).filter(([stream, answer]) => isNews(chats.answers[stream], answer)));
  const all = Object.keys(news).length === 0 ? chats.answers : { ...chats.answers, ...news };
  if (mine === undefined) return { conversations: [conversation, ...chats.conversations], answers: all };
  const turns = mergedTurns(mine.turns, conversation.turns);
  const [, updated] = [conversation.updated, mine.updated].sort();
  const next: Conversation = { ...conversation, turns, updated: updated! };
  const same = JSON.stringify(sorted(next)) === JSON.stringify(sorted(mine));
  if (same && all === chats.answers) return chats;
  return { conversations: same ? chats.conversations : chats.conversations.map((one) => (one === mine ? next : one)), answers: all };
}

export function streamsOf({ turns }: Pick<Conversation, "turns">): string[] {
  return everyTurn(turns).flatMap((turn) => (turn.role === "assistant" ? turn.answers : []));
}

/** An answer that this tab follows itself is known best here. */
function isNews(mine: AnswerState | undefined, theirs: AnswerState): boolean {
  if (mine === undefined) return true;
  if (mine.phase !== "ended") return false;
  return theirs.text.length > mine.text.length || (mine.reason === null && theirs.reason !== null);
}

function sorted(conversation: Conversation): unknown {
  const { id, title, named, system, turns } = conversation;
  return [id, title, named, system, turns];
}
