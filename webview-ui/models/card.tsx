/** One model: facts, state, and the form to load it. */
import { useState } from "preact/hooks";
import type { Model } from "../../daemon/protocol/api/model.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { Progress } from "../ui/progress.tsx";
import { bytesText } from "./format.ts";
import { LoadForm } from "./load.tsx";

const STATES: Readonly<Record<Model["state"], string>> = {
  available: "not loaded",
  loading: "loading …",
  loaded: "loaded",
  crashed: "crashed",
  missing: "file is missing",
};

export function ModelCard({ model }: { model: Model }) {
  const { store, client } = useApp();
  const chosen = useStore((state) => state.model === model.id);
  const progress = useStore((state) => state.library.progress[model.id]);
  const mayLoad = useStore((state) => state.link.scopes.some((scope) => scope === "load" || scope === "admin"));
  const [open, setOpen] = useState(false);
  const [sure, setSure] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (what: string, work: () => Promise<unknown>) => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error, what));
    }
  };
  const unload = () =>
    run("The model was not unloaded", async () =>
      store.dispatch({ type: "library/model", model: await client().call("model.unload", { model: model.id }) }),
    );
  const remove = () =>
    run("The model was not removed", async () => {
      await client().call("model.remove", { model: model.id });
      store.dispatch({ type: "library/removed", model: model.id });
    });
  return (
    <li class="model" data-state={model.state}>
      <div class="model-head">
        <h3>{model.name}</h3>
        <span class="badge" data-state={model.state}>
          {STATES[model.state]}
        </span>
        {chosen && <span class="badge">in use</span>}
      </div>
      <p class="model-facts number">
        {[
          ...(model.title === "" || model.title === model.name ? [] : [`“${model.title}”`]),
          model.architecture,
          model.quantisation,
          bytesText(model.sizeBytes),
          `${model.layers} layers × ${model.width}`,
          `context ${model.contextTrained}`,
          ...(model.hasChatTemplate ? [] : ["no chat template"]),
          ...(model.embedded ? ["comes with Tiller"] : []),
        ].join(" · ")}
      </p>
      {model.reason !== null && <p class="field-error">{model.reason}</p>}
      {progress !== undefined && <Progress label={progress.phase === "load" ? "Loading" : "Downloading"} fraction={progress.fraction} />}
      {problem !== null && <ProblemCard problem={problem} onDismiss={() => setProblem(null)} />}
      <div class="row">
        {!chosen && model.state !== "missing" && (
          <button type="button" onClick={() => store.dispatch({ type: "model", model: model.id })}>
            Use
          </button>
        )}
        {model.state === "loaded" && (
          <button type="button" disabled={!mayLoad} onClick={() => void unload()}>
            Unload
          </button>
        )}
        {model.state !== "missing" && model.state !== "loading" && (
          <button type="button" aria-expanded={open} disabled={!mayLoad} onClick={() => setOpen(!open)}>
            {model.state === "loaded" ? "Load anew …" : "Load …"}
          </button>
        )}
        {!model.embedded &&
          (sure ? (
            <>
              <span class="hint">A downloaded file is deleted; a file of your own is only forgotten.</span>
              <button type="button" class="danger" onClick={() => void remove()}>
                Yes, remove
              </button>
              <button type="button" class="quiet" onClick={() => setSure(false)}>
                Keep
              </button>
            </>
          ) : (
            <button type="button" class="quiet danger" disabled={!mayLoad} onClick={() => setSure(true)}>
              Remove
            </button>
          ))}
      </div>
      {open && <LoadForm model={model} onDone={() => setOpen(false)} />}
    </li>
  );
}
