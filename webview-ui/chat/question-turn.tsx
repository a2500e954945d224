/** A question: its text, its other wordings, and the form that edits it. */
import { useRef, useState } from "preact/hooks";
import type { Pusher } from "../rack/push.ts";
import type { UserTurn } from "../store/state.ts";
import { useApp } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";
import { question, rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { memo } from "../ui/memo.tsx";
import { resend } from "./converse.ts";
import { Versions } from "./versions.tsx";

interface QuestionProps {
  turn: UserTurn;
  /** its number among the questions that are shown */
  at: number;
  /** id */
  conversation: string;
  pusher: Pusher;
}

export const Question = memo(function Question({ turn, at, conversation, pusher }: QuestionProps) {
  const app = useApp();
  const [draft, setDraft] = useState<string | null>(null);
  const edit = useRef<HTMLButtonElement>(null);
  const giveUp = () => {
    setDraft(null);
    rescueFocus(() => edit.current);
  };
  if (draft !== null)
    return (
      <form
        class="turn question editing"
        onSubmit={(event) => {
          event.preventDefault();
          setDraft(null);
          if (draft.trim() === "") return rescueFocus(() => edit.current);
          void resend(app, pusher, turn.id, draft);
          rescueFocus(question);
        }}
      >
        <label class="field">
          <span>Edit and send again; the old question and what came after it stay, one step back</span>
          <textarea
            dir="auto"
            rows={Math.min(12, draft.split("\n").length + 1)}
            value={draft}
            ref={focusOnce}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => event.key === "Escape" && giveUp()}
          />
        </label>
        <div class="row">
          <button type="submit" class="primary">
            Send again
          </button>
          <button type="button" onClick={giveUp}>
            Keep as it was
          </button>
        </div>
      </form>
    );
  return (
    <article class="turn question" aria-label="You">
      <div class="question-text" dir="auto">
        {turn.text}
      </div>
      <div class="turn-actions">
        {turn.tails !== undefined && turn.tails.length > 1 && (
          <Versions
            name="question"
            count={turn.tails.length}
            shown={turn.shown ?? 0}
            onShow={(shown) => {
              app.store.dispatch({ type: "chat/show", id: conversation, turn: turn.id, shown });
              // The question is another one: its element is new.
              rescueFocus(() =>
                document.querySelectorAll<HTMLElement>(".turn.question")[at]?.querySelector(".versions button:not(:disabled)"),
              );
            }}
          />
        )}
        <button
          type="button"
          class="quiet square"
          aria-label="Edit and send again"
          title="Edit and send again"
          ref={edit}
          onClick={() => setDraft(turn.text)}
        >
          <Icon name="edit" />
        </button>
        <CopyButton text={() => turn.text} label="Copy this question" />
      </div>
    </article>
  );
});

/** The same function at every rendering: it is called when the field comes, not at every letter. */
function focusOnce(area: HTMLTextAreaElement | null): void {
  area?.focus();
}
