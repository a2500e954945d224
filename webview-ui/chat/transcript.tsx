/** The turns of the open conversation. */
import { useRef } from "preact/hooks";
import type { Pusher } from "../rack/push.ts";
import type { Conversation } from "../store/state.ts";
import { Announcer } from "./announcer.tsx";
import { AnswerTurn } from "./answer-turn.tsx";
import { Question } from "./question-turn.tsx";
import { useStickToEnd } from "./stick-to-end.ts";

/** Of a conversation that is opened, the last turns are shown at once; earlier ones when they come near. */
const AT_ONCE = 12;

export function Transcript({ conversation, pusher }: { conversation: Conversation; pusher: Pusher }) {
  const log = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  useStickToEnd(log, inner);
  const { id, turns } = conversation;
  let questions = 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="transcript" ref={log} tabIndex={0} aria-label="Conversation">
      <div ref={inner}>
        {turns.map((turn, place) =>
          turn.role === "user" ? (
            <Question key={turn.id} turn={turn} at={questions++} conversation={id} pusher={pusher} />
          ) : (
            <AnswerTurn
              key={turn.id}
              turn={turn}
              conversation={id}
              last={place === turns.length - 1}
              asked={turns[place - 1]?.role === "user"}
              atOnce={place >= turns.length - AT_ONCE}
              pusher={pusher}
            />
          ),
        )}
      </div>
      <Announcer conversation={conversation} />
    </section>
  );
}
