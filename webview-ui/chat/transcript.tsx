/** The turns of the open conversation, and the live region that reads streamed answers out by sentence. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { compareFrom } from "../compare/start.ts";
import type { Pusher } from "../rack/push.ts";
import type { AnswerState, AssistantTurn, Conversation, UserTurn } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";
import { question, rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { completeSentences } from "./announce.ts";
import { Answer } from "./answer.tsx";
import { goOn, regenerate, resend } from "./converse.ts";

export function Transcript({ conversation, pusher }: { conversation: Conversation; pusher: Pusher }) {
  const log = useRef<HTMLElement>(null);
  const last = useStore((state) => {
    const turn = conversation.turns.at(-1);
    return turn?.role === "assistant" ? state.answers[turn.answers[turn.shown] ?? ""]?.text.length : 0;
  });
  useStickToEnd(log, `${conversation.id}/${conversation.turns.length}/${last}`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="transcript" ref={log} tabIndex={0} aria-label="Conversation">
      {conversation.turns.map((turn, place) =>
        turn.role === "user" ? (
          <Question
            key={turn.id}
            turn={turn}
            at={conversation.turns.slice(0, place).filter(({ role }) => role === "user").length}
            conversation={conversation.id}
            pusher={pusher}
          />
        ) : (
          <AnswerTurn key={turn.id} turn={turn} conversation={conversation} pusher={pusher} />
        ),
      )}
      <Announcer conversation={conversation} />
    </section>
  );
}

interface QuestionProps {
  turn: UserTurn;
  /** its number among the questions that are shown */
  at: number;
  /** id */
  conversation: string;
  pusher: Pusher;
}

function Question({ turn, at, conversation, pusher }: QuestionProps) {
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
}

/** The same function at every rendering: it is called when the field comes, not at every letter. */
function focusOnce(area: HTMLTextAreaElement | null): void {
  area?.focus();
}

function AnswerTurn({ turn, conversation, pusher }: { turn: AssistantTurn; conversation: Conversation; pusher: Pusher }) {
  const app = useApp();
  const article = useRef<HTMLElement>(null);
  const answer = useStore((state) => state.answers[turn.answers[turn.shown] ?? ""]);
  if (answer === undefined) return null;
  const place = conversation.turns.indexOf(turn);
  const behind = conversation.turns[place - 1];
  const last = place === conversation.turns.length - 1;
  const again = () => {
    void regenerate(app, pusher, turn.id);
    // Its buttons go until the new answer ends: the place to be is the answer itself.
    rescueFocus(() => article.current);
  };
  const show = (shown: number) => {
    app.store.dispatch({ type: "chat/show", id: conversation.id, turn: turn.id, shown });
    rescueFocus(
      () => article.current?.querySelector<HTMLElement>(".versions button:not(:disabled)"),
      () => article.current,
    );
  };
  return (
    <article class="turn" ref={article} tabIndex={-1} aria-label="Answer" aria-busy={answer.phase !== "ended"}>
      <Answer answer={answer} label="Answer" onRetry={again}>
        {turn.answers.length > 1 && <Versions name="answer" count={turn.answers.length} shown={turn.shown} onShow={show} />}
        {last && canGoOn(answer) && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              void goOn(app, pusher);
              rescueFocus(question);
            }}
          >
            Continue
          </button>
        )}
        <button type="button" class="quiet square" aria-label="Regenerate" title="Regenerate" onClick={again}>
          <Icon name="again" />
        </button>
        {behind?.role === "user" && (
          <button
            type="button"
            class="quiet square"
            aria-label="Compare steered with plain"
            title="Compare steered with plain, at this seed"
            onClick={() => compareFrom(app, conversation, turn.id, pusher)}
          >
            <Icon name="compare" />
          </button>
        )}
      </Answer>
    </article>
  );
}

/** Where it stopped before the model had ended it. */
function canGoOn({ phase, reason, text }: AnswerState): boolean {
  return phase === "ended" && text !== "" && (reason === "cancelled" || reason === "length" || reason === null || reason === "error");
}

function Versions({ name, count, shown, onShow }: { name: string; count: number; shown: number; onShow: (shown: number) => void }) {
  return (
    <span class="versions number">
      <button type="button" class="quiet square" aria-label={`Earlier ${name}`} disabled={shown === 0} onClick={() => onShow(shown - 1)}>
        ‹
      </button>
      {shown + 1}/{count}
      <button
        type="button"
        class="quiet square"
        aria-label={`Later ${name}`}
        disabled={shown === count - 1}
        onClick={() => onShow(shown + 1)}
      >
        ›
      </button>
    </span>
  );
}

/** Follows the text while the reader is at its end; stays put while they look further up. */
function useStickToEnd(log: { current: HTMLElement | null }, key: string): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const element = log.current!;
    let top = element.scrollTop;
    // Only a way up is the reader's: text may have grown below since this page scrolled down by itself.
    const note = () => {
      if (element.scrollHeight - element.scrollTop - element.clientHeight < 48) atEnd.current = true;
      else if (element.scrollTop < top) atEnd.current = false;
      top = element.scrollTop;
    };
    element.addEventListener("scroll", note, { passive: true });
    return () => element.removeEventListener("scroll", note);
  }, [log]);
  useLayoutEffect(() => {
    const element = log.current!;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
  }, [key]);
}

function Announcer({ conversation }: { conversation: Conversation }) {
  const turn = conversation.turns.at(-1);
  const answer = useStore((state) => (turn?.role === "assistant" ? state.answers[turn.answers[turn.shown] ?? ""] : undefined));
  const [spoken, setSpoken] = useState<readonly { id: number; text: string }[]>([]);
  const place = useRef<{ stream: string; next: number }>({ stream: "", next: 0 });
  useEffect(() => {
    if (answer === undefined) return;
    if (place.current.stream !== answer.stream) {
      // An answer that was there before is not read out again.
      place.current = { stream: answer.stream, next: answer.phase === "ended" ? answer.text.length : 0 };
    }
    const { said, next } = completeSentences(answer.text, place.current.next, answer.phase === "ended");
    place.current.next = next;
    // A line each, the older ones dropped: a sentence that is said twice is read twice.
    if (said !== "") setSpoken((before) => [...before.slice(-2), { id: (before.at(-1)?.id ?? 0) + 1, text: said }]);
  }, [answer]);
  return (
    <div class="hidden" aria-live="polite" aria-atomic="false">
      {spoken.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  );
}
