/** "Measure": a receipt for an artifact, by a judge and against a prompt that asks for the same thing, as a job of the daemon. */
import { useId, useState } from "preact/hooks";
import { JUDGE_HINT, judgeNames, parseJudge } from "../../daemon/protocol/judge-name.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";

export function Measure({ artifact, title }: { artifact: string; title: string }) {
  const { store, client } = useApp();
  const model = useStore((state) => state.model);
  const [judge, setJudge] = useState("");
  const [asked, setAsked] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState(false);
  const [names, setNames] = useState<readonly string[]>([]);
  const id = useId();
  const toggle = (now: boolean) => {
    setOpen(now);
    if (!now || names.length > 0) return;
    // Only suggestions: without them a judge can still be typed.
    client()
      .call("job.judges", {})
      .then(
        ({ judges }) => setNames(judges.flatMap(judgeNames)),
        () => undefined,
      );
  };
  const start = async () => {
    const by = parseJudge(judge);
    if (by === null) return setMissing(JUDGE_HINT);
    if (asked.trim() === "") return setMissing("Say which prompt asks for the same thing, to compare with.");
    setMissing(null);
    try {
      const params = { artifact, by: { judge: by, asked: asked.trim() }, ...(model === null ? {} : { model }) };
      store.dispatch({ type: "library/job", job: await client().call("job.start", { kind: "receipt", params }) });
      setProblem(null);
      setOpen(false);
    } catch (error) {
      setProblem(problemOf(error, "The measurement was not started"));
    }
  };
  return (
    <details class="measure-details" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary aria-label={`Measure ${title}`}>Measure …</summary>
      <form
        class="measure"
        aria-label={`Measure ${title}`}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <label class="field">
          <span>Judge</span>
          <input
            list={`${id}-judges`}
            value={judge}
            maxLength={100}
            placeholder="emotion/joy"
            onInput={(event) => setJudge(event.currentTarget.value)}
          />
          <datalist id={`${id}-judges`}>
            {names.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
        <label class="field">
          <span>Prompt that asks for the same</span>
          <input value={asked} maxLength={300} placeholder="Answer joyfully." onInput={(event) => setAsked(event.currentTarget.value)} />
        </label>
        <p class="hint">Strengths 0.5 to 2, some 200 answers each, against ten random directions: minutes with a small model.</p>
        {missing !== null && (
          <p class="field-error" role="alert">
            {missing}
          </p>
        )}
        {problem !== null && <ProblemCard problem={problem} onRetry={() => void start()} onDismiss={() => setProblem(null)} />}
        <button type="submit">Measure</button>
      </form>
    </details>
  );
}
