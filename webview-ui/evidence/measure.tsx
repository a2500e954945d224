/** "Measure": a receipt for a slider as it is set, by a judge and against a prompt that asks for the same thing, as a job of the daemon. */
import { useId, useState } from "preact/hooks";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { JUDGE_HINT, judgeName, judgeNames, parseJudge } from "../../daemon/protocol/judge-name.ts";
import type { Control, Scope } from "../../daemon/protocol/preset.ts";
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { actingOf } from "../../daemon/protocol/rules/control.ts";
import { problemOf } from "../link/problem.ts";
import { formatStrength } from "../rack/range.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { measuredOtherwise, settingsOf, strengthsOf } from "./fit.ts";

interface Props {
  readonly artifact: ArtifactEntry;
  /** of these settings or others; null: none */
  readonly receipt: Receipt | null;
  readonly control: Control;
  readonly scope: Scope | null;
  readonly range: readonly [number, number];
  readonly title: string;
}

/** An experiment as it is asked for, but for its model. */
type Asked = Pick<ParamsIn<"experiment.start">, "id" | "params">;

export function Measure({ artifact, receipt, control, scope, range, title }: Props) {
  const { store, client } = useApp();
  const model = useStore((state) => state.model);
  const [judge, setJudge] = useState<string | null>(null);
  const [asked, setAsked] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tried, setTried] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const [names, setNames] = useState<readonly string[]>([]);
  const id = useId();
  const known = receipt === null ? "" : judgeName(receipt.judge.choice);
  const named = judge ?? known;
  // The receipt of a preset's evaluation can be made again exactly as it was.
  const again = receipt?.preset != null && measuredOtherwise(receipt, actingOf(control, scope, artifact)) === null ? receipt.preset : null;
  const strengths = strengthsOf(range);
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
  const start = async (asked: Asked) => {
    setMissing(null);
    setProblem(null);
    setTried(asked);
    try {
      const request = { ...asked, ...(model === null ? {} : { model }) };
      store.dispatch({ type: "library/job", job: await client().call("experiment.start", request) });
      setOpen(false);
    } catch (error) {
      setProblem(problemOf(error, "The measurement was not started"));
    }
  };
  const measure = (quick: boolean) => {
    const by = parseJudge(named);
    const said = asked.trim();
    if (by === null || said === "") {
      setProblem(null);
      return setMissing(by === null ? JUDGE_HINT : "Say which prompt asks for the same thing, to compare with.");
    }
    const settings = settingsOf(control, scope);
    const params = { artifact: artifact.id, by: { judge: by, asked: said, strengths }, ...(settings === null ? {} : { settings }) };
    // where the slider stands, or where the daemon finds that it may
    const strength = control.strength > 0 ? { strength: control.strength } : {};
    void start(quick ? { id: "quick-verdict", params: { ...params, ...strength } } : { id: "receipt", params });
  };
  return (
    <details class="measure-details" open={open} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary aria-label={`Measure ${title}`}>Measure …</summary>
      <form
        class="measure"
        aria-label={`Measure ${title}`}
        onSubmit={(event) => {
          event.preventDefault();
          measure(false);
        }}
      >
        {again !== null && (
          <button type="button" onClick={() => void start({ id: "receipt", params: { preset: again, seed: receipt!.seed } })}>
            Measure again as it was
          </button>
        )}
        <label class="field">
          <span>Judge</span>
          <input
            list={`${id}-judges`}
            value={named}
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
        <p class="hint">
          A quick verdict looks at one strength until it can be told whether it works: a minute or two with a small model. A full
          measurement takes the slider’s settings at {strengths.map(formatStrength).join(", ")}, some 200 answers each, and as many with
          random directions.
          {receipt !== null && " A receipt of the same settings and judge takes its place."}
        </p>
        {missing !== null && (
          <p class="field-error" role="alert">
            {missing}
          </p>
        )}
        {problem !== null && (
          <ProblemCard
            problem={problem}
            onRetry={tried === null ? undefined : () => void start(tried)}
            onDismiss={() => setProblem(null)}
          />
        )}
        <div class="measure-buttons">
          <button type="button" onClick={() => measure(true)}>
            Quick verdict
          </button>
          <button type="submit">Measure</button>
        </div>
      </form>
    </details>
  );
}
