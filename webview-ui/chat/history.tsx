/** The list of conversations: open, rename, export, delete (with a way back). */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { startConversation } from "./converse.ts";
import { asJson, asMarkdown, fileName } from "./export.ts";

export function History({ onOpen }: { onOpen: () => void }) {
  const app = useApp();
  const conversations = useStore((state) => state.conversations);
  const current = useStore((state) => state.current);
  const [deleted, setDeleted] = useState<Conversation | null>(null);
  const undo = useRef<HTMLButtonElement>(null);
  const remove = (conversation: Conversation) => {
    app.store.dispatch({ type: "chat/delete", id: conversation.id });
    setDeleted(conversation);
    rescueFocus(() => undo.current);
  };
  return (
    <nav class="history" aria-label="Conversations">
      <button
        type="button"
        class="history-new"
        onClick={() => {
          startConversation(app);
          onOpen();
          document.getElementById("question")?.focus();
        }}
      >
        <Icon name="plus" />
        New conversation
      </button>
      {deleted !== null && (
        <p class="undo" role="status">
          Deleted.
          <button
            type="button"
            class="quiet"
            ref={undo}
            onClick={() => {
              app.store.dispatch({ type: "chat/new", conversation: deleted });
              setDeleted(null);
              rescueFocus(() => document.querySelector<HTMLElement>(".entry[data-open] .entry-title"));
            }}
          >
            Undo
          </button>
        </p>
      )}
      <ul>
        {conversations.map((conversation) => (
          <Entry
            key={conversation.id}
            conversation={conversation}
            open={conversation.id === current}
            onOpen={() => {
              app.store.dispatch({ type: "chat/open", id: conversation.id });
              onOpen();
            }}
            onDelete={() => remove(conversation)}
          />
        ))}
      </ul>
      <p class="hint">Kept {app.host.keptIn} only.</p>
    </nav>
  );
}

interface EntryProps {
  conversation: Conversation;
  open: boolean;
  onOpen: () => void;
  onDelete: () => void;
}

function Entry({ conversation, open, onOpen, onDelete }: EntryProps) {
  const { store, host } = useApp();
  const [draft, setDraft] = useState<string | null>(null);
  const [menu, setMenu] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const renameButton = useRef<HTMLButtonElement>(null);
  const closed = useRef(false);
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [draft !== null]);
  if (draft !== null) {
    const close = (title: string | null) => {
      // A field that is taken away loses the focus, which must not keep what Escape gave up.
      if (closed.current) return;
      closed.current = true;
      if (title !== null) store.dispatch({ type: "chat/rename", id: conversation.id, title });
      setDraft(null);
      rescueFocus(() => renameButton.current);
    };
    return (
      <li class="entry">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            close(draft);
          }}
        >
          <input
            ref={input}
            aria-label="Name of the conversation"
            value={draft}
            maxLength={120}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onBlur={() => close(draft)}
            onKeyDown={(event) => event.key === "Escape" && close(null)}
          />
        </form>
      </li>
    );
  }
  const save = (kind: "md" | "json") => {
    const { answers } = store.get();
    if (kind === "md") host.saveFile(fileName(conversation.title, "md"), "text/markdown", asMarkdown(conversation, answers));
    else host.saveFile(fileName(conversation.title, "json"), "application/json", asJson(conversation, answers));
  };
  return (
    <li class="entry" data-open={open ? "" : undefined}>
      <div class="entry-row">
        <button type="button" class="entry-title" aria-current={open ? "true" : undefined} onClick={onOpen}>
          {conversation.title}
        </button>
        <button
          type="button"
          class="quiet square"
          aria-label={`More for ${conversation.title}`}
          aria-expanded={menu}
          onClick={() => setMenu(!menu)}
        >
          <Icon name="more" />
        </button>
      </div>
      {menu && (
        <div class="entry-menu">
          <button
            type="button"
            class="quiet"
            ref={renameButton}
            onClick={() => {
              closed.current = false;
              setDraft(conversation.title);
            }}
          >
            Rename
          </button>
          <button type="button" class="quiet" onClick={() => save("md")}>
            Markdown
          </button>
          <button type="button" class="quiet" onClick={() => save("json")}>
            JSON
          </button>
          <button type="button" class="quiet danger" onClick={onDelete}>
            Delete
          </button>
        </div>
      )}
    </li>
  );
}
