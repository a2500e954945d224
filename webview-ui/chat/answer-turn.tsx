/** An answer in a conversation: its versions, and what can be done with it there. */
import { useRef } from "preact/hooks";
import { compareFrom } from "../compare/start.ts";
import type { Pusher } from "../rack/push.ts";
import type { AnswerState, AssistantTurn } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { question, rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { memo } from "../ui/memo.tsx";
import { useNear } from "../ui/near.ts";
import { Answer } from "./answer.tsx";
import { currentConversation, goOn, regenerate } from "./converse.ts";
import { Versions } from "./versions.tsx";

interface AnswerTurnProps {
  turn: AssistantTurn;
  /** id */
  conversation: string;
  /** nothing follows it */
  last: boolean;
  /** it stands behind a question, not behind another answer */
  asked: boolean;
  atOnce: boolean;
  pusher: Pusher;
}

export const AnswerTurn = memo(function AnswerTurn({ turn, conversation, last, asked, atOnce, pusher }: AnswerTurnProps) {
  const app = useApp();
  const article = useRef<HTMLElement>(null);
  const near = useNear(article, ".transcript", atOnce);
  const answer = useStore((state) => state.answers[turn.answers[turn.shown] ?? ""]);
  if (answer === undefined) return null;
  const again = () => {
    void regenerate(app, pusher, turn.id);
    // Its buttons go until the new answer ends: the place to be is the answer itself.
    rescueFocus(() => article.current);
  };
  const show = (shown: number) => {
    app.store.dispatch({ type: "chat/show", id: conversation, turn: turn.id, shown });
    rescueFocus(
      () => article.current?.querySelector<HTMLElement>(".versions button:not(:disabled)"),
      () => article.current,
    );
  };
  return (
    <article class="turn" ref={article} tabIndex={-1} aria-label="Answer" aria-busy={answer.phase !== "ended"}>
      <Answer answer={answer} label="Answer" plain={!near && answer.phase === "ended"} onRetry={again}>
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
        {asked && (
          <button
            type="button"
            class="quiet square"
            aria-label="Compare steered with plain"
            title="Compare steered with plain, at this seed"
            onClick={() => compareFrom(app, currentConversation(app)!, turn.id, pusher)}
          >
            <Icon name="compare" />
          </button>
        )}
      </Answer>
    </article>
  );
});

/** Where it stopped before the model had ended it. */
function canGoOn({ phase, reason, text }: AnswerState): boolean {
  return phase === "ended" && text !== "" && (reason === "cancelled" || reason === "length" || reason === null || reason === "error");
}
