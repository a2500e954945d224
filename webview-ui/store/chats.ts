/** Conversations: the list, the one that is open, and their turns. */
import type { ChatAction } from "./actions.ts";
import { withAnswer, withTail } from "./branches.ts";
import type { Conversation, State } from "./state.ts";

type Chats = Pick<State, "conversations" | "current" | "drafts">;

/** Where no conversation is open. */
const NONE = "";

export function draftOf({ drafts, current }: Pick<Chats, "drafts" | "current">): string {
  return drafts[current ?? NONE] ?? "";
}

export function reduceChats(chats: Chats, action: ChatAction): Chats {
  switch (action.type) {
    case "chat/new":
      return {
        conversations: [action.conversation, ...chats.conversations],
        current: action.conversation.id,
        drafts: moved(chats, action),
      };
    case "chat/open":
      return chats.conversations.some(({ id }) => id === action.id) ? { ...chats, current: action.id } : chats;
    case "chat/delete": {
      const conversations = chats.conversations.filter(({ id }) => id !== action.id);
      // Its draft stays: an undone deletion brings it back, and it is not saved.
      return { ...chats, conversations, current: chats.current === action.id ? (conversations[0]?.id ?? null) : chats.current };
    }
    case "chat/rename": {
      const title = action.title.trim().slice(0, 120);
      return title === "" ? chats : change(chats, action.id, (chat) => ({ ...chat, title, named: true }));
    }
    case "chat/draft":
      return { ...chats, drafts: withDraft(chats.drafts, action.id ?? NONE, action.text) };
    case "chat/system":
      return change(chats, action.id, (chat) => ({ ...chat, system: action.system }));
    case "chat/turns":
      return change(chats, action.id, (chat) => ({
        ...chat,
        turns: action.turns,
        updated: action.at,
        title: chat.named ? chat.title : titleOf(action.turns, chat.title),
      }));
    case "chat/show":
      return change(chats, action.id, (chat) => {
        const at = chat.turns.findIndex(({ id }) => id === action.turn);
        if (at < 0) return chat;
        const show = chat.turns[at]!.role === "user" ? withTail : withAnswer;
        return { ...chat, turns: show(chat.turns, at, action.shown) };
      });
  }
}

/** What was written where no conversation was open belongs to the first one that opens. */
function moved({ drafts, current }: Chats, { conversation }: Extract<ChatAction, { type: "chat/new" }>): Chats["drafts"] {
  const text = drafts[NONE];
  return current !== null || text === undefined ? drafts : withDraft(withDraft(drafts, NONE, ""), conversation.id, text);
}

function withDraft(drafts: Chats["drafts"], id: string, text: string): Chats["drafts"] {
  const { [id]: _, ...others } = drafts;
  return text === "" ? others : { ...others, [id]: text };
}

function change(chats: Chats, id: string, how: (conversation: Conversation) => Conversation): Chats {
  return { ...chats, conversations: chats.conversations.map((chat) => (chat.id === id ? how(chat) : chat)) };
}

/** A conversation is called after its first question until someone names it. */
function titleOf(turns: Conversation["turns"], otherwise: string): string {
  const first = turns.find((turn) => turn.role === "user");
  if (first === undefined || first.role !== "user") return otherwise;
  const line = first.text.trim().replaceAll(/\s+/g, " ");
  return line.length <= 48 ? line || otherwise : `${line.slice(0, 47)}…`;
}
