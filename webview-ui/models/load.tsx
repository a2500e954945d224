/** How a model is loaded, and whether it will fit: the estimate follows every change before anything is loaded. */
import { useEffect, useState } from "preact/hooks";
import type { ParamsIn, Result } from "../../daemon/protocol/api/index.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { Estimate } from "./estimate.tsx";

type Options = NonNullable<ParamsIn<"model.load">["options"]>;
type NumberKey = "contextSize" | "sequences" | "idleMinutes" | "threads";

const NUMBERS: readonly { key: NumberKey; title: string; min: number; max: number; initial: number; hint: string }[] = [
  {
    key: "contextSize",
    title: "Context, tokens",
    min: 0,
    max: 1_048_576,
    initial: 0,
    hint: "per conversation; 0: what it was trained with, at most 8192",
  },
  { key: "sequences", title: "Answers at once", min: 1, max: 64, initial: 8, hint: "more are queued" },
  { key: "idleMinutes", title: "Unload when idle, minutes", min: 0, max: 10080, initial: 30, hint: "0: never" },
  { key: "threads", title: "Threads", min: 0, max: 512, initial: 0, hint: "0: as many as suit the machine" },
];

export function LoadForm({ model, onDone }: { model: Model; onDone: () => void }) {
  const { store, client } = useApp();
  const [options, setOptions] = useState<Options>({});
  const [estimate, setEstimate] = useState<Result<"model.estimate"> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Options) => setOptions({ ...options, ...part });

  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      try {
        const result = await client().call("model.estimate", { model: model.id, options });
        if (current) setEstimate(result);
      } catch (error) {
        if (current) setProblem(problemOf(error, "The memory could not be estimated"));
      }
    }, 200);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [options, model.id, client]);

  const load = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const loaded = await client().call("model.load", { model: model.id, options });
      store.dispatch({ type: "library/model", model: loaded });
      store.dispatch({ type: "model", model: loaded.id });
      onDone();
    } catch (error) {
      setProblem(problemOf(error, "The model was not loaded"));
    }
    setBusy(false);
  };

  return (
    <form
      class="load"
      aria-label={`Load ${model.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void load();
      }}
    >
      <div class="fields">
        <label class="field" title="auto: as many as fit">
          <span>GPU layers</span>
          <input
            class="number"
            inputMode="numeric"
            pattern="auto|[0-9]+"
            placeholder="auto"
            onInput={({ currentTarget: { value } }) =>
              change({ gpuLayers: /^\d+$/.test(value.trim()) ? Math.min(1024, Number(value)) : "auto" })
            }
          />
        </label>
        {NUMBERS.map(({ key, title, min, max, initial, hint }) => (
          <label class="field" key={key} title={hint}>
            <span>{title}</span>
            <input
              type="number"
              class="number"
              min={min}
              max={max}
              value={options[key] ?? initial}
              onInput={({ currentTarget: { valueAsNumber } }) => {
                if (Number.isFinite(valueAsNumber)) change({ [key]: Math.max(min, Math.min(max, Math.round(valueAsNumber))) });
              }}
            />
          </label>
        ))}
        <label class="field" title="what a token of context takes">
          <span>Cache type</span>
          <select
            value={options.kvType ?? "auto"}
            onChange={({ currentTarget: { value } }) => change({ kvType: value as NonNullable<Options["kvType"]> })}
          >
            <option value="auto">auto</option>
            <option value="f16">f16</option>
            <option value="f32">f32</option>
            <option value="q8_0">q8_0</option>
          </select>
        </label>
      </div>
      {estimate !== null && <Estimate estimate={estimate} />}
      {problem !== null && <ProblemCard problem={problem} onRetry={() => void load()} onDismiss={() => setProblem(null)} />}
      <div class="row">
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Loading …" : estimate?.fits === false ? "Load all the same" : "Load"}
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
