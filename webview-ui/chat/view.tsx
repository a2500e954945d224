/** The chat: conversations beside it, a bar with system prompt and tint, the transcript, the composer. */
import { useState } from "preact/hooks";
import type { Pusher } from "../rack/push.ts";
import type { Conversation } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { AnswersAs } from "./answers-as.tsx";
import { Composer } from "./composer.tsx";
import { startConversation } from "./converse.ts";
import { History } from "./history.tsx";
import { ProbePicker } from "./probe-picker.tsx";
import { Transcript } from "./transcript.tsx";
import { Welcome } from "./welcome.tsx";

export function ChatView({ pusher }: { pusher: Pusher }) {
  const conversation = useStore((state) => state.conversations.find(({ id }) => id === state.current) ?? null);
  const problem = useStore((state) => state.library.problem);
  const [history, setHistory] = useState(false);
  const [system, setSystem] = useState(false);
  return (
    <div class="chat" data-history={history ? "" : undefined}>
      <History onOpen={() => setHistory(false)} />
      <section class="talk" aria-label={conversation?.title ?? "New conversation"}>
        <div class="talk-bar">
          <button type="button" class="quiet history-toggle" aria-expanded={history} onClick={() => setHistory(!history)}>
            <Icon name="list" />
            <span class="talk-bar-text">Conversations</span>
          </button>
          <h2 class="talk-title">{conversation?.title ?? "New conversation"}</h2>
          <AnswersAs />
          <ProbePicker />
          <button type="button" class="quiet" aria-expanded={system} onClick={() => setSystem(!system)}>
            <Icon name="edit" />
            System<span class="talk-bar-text"> prompt</span>
          </button>
        </div>
        {system && <SystemPrompt conversation={conversation} />}
        {problem !== null && <ProblemCard problem={problem} />}
        {conversation === null || conversation.turns.length === 0 ? (
          <Welcome pusher={pusher} />
        ) : (
          <Transcript key={conversation.id} conversation={conversation} pusher={pusher} />
        )}
        <Composer pusher={pusher} />
      </section>
    </div>
  );
}

function SystemPrompt({ conversation }: { conversation: Conversation | null }) {
  const app = useApp();
  const preset = useStore((state) => state.rack.rest.system);
  return (
    <label class="field system">
      <span>System prompt of this conversation{preset === undefined ? "" : " (empty: the preset’s is used)"}</span>
      <textarea
        rows={3}
        placeholder={preset ?? "None"}
        value={conversation?.system ?? ""}
        onChange={({ currentTarget: { value } }) =>
          app.store.dispatch({ type: "chat/system", id: (conversation ?? startConversation(app)).id, system: value })
        }
      />
    </label>
  );
}
