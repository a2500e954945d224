/** The live region that reads streamed answers out by sentence. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation } from "../store/state.ts";
import { useStore } from "../store/store.ts";
import { completeSentences, withoutMarks } from "./announce.ts";

export function Announcer({ conversation }: { conversation: Conversation }) {
  const turn = conversation.turns.at(-1);
  const answer = useStore((state) => (turn?.role === "assistant" ? state.answers[turn.answers[turn.shown] ?? ""] : undefined));
  const view = useStore((state) => state.answersAs);
  const [spoken, setSpoken] = useState<readonly { id: number; text: string }[]>([]);
  const place = useRef<{ stream: string; next: number }>({ stream: "", next: 0 });
  useEffect(() => {
    if (answer === undefined) return;
    if (place.current.stream !== answer.stream) {
      // An answer that was there before is not read out again.
      place.current = { stream: answer.stream, next: answer.phase === "ended" ? answer.text.length : 0 };
    }
    const { said: written, next } = completeSentences(answer.text, place.current.next, answer.phase === "ended");
    place.current.next = next;
    const said = view === "rendered" ? withoutMarks(written) : written;
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
