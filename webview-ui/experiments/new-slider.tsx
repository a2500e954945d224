/** "New slider": finds a direction in the chosen model from a contrast, as a job of the daemon. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { codeOf, problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { type ContrastForm, EMPTY_FORM, requestOf } from "./contrast.ts";
import { ContrastFields, NAME_FIELD } from "./contrast-fields.tsx";

export function NewSlider({ onClose }: { onClose: () => void }) {
  const { store, client } = useApp();
  const model = useStore((state) => state.model);
  const form = useStore((state) => state.newSlider);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const [taken, setTaken] = useState<ArtifactEntry | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const change = (part: Partial<ContrastForm>) => {
    store.dispatch({ type: "new-slider", form: { ...store.get().newSlider, ...part } });
    // What was wrong with one kind says nothing of another, and a name that was taken says nothing of the next.
    if (part.kind !== undefined) {
      setMissing(null);
      setProblem(null);
    }
    if (part.kind !== undefined || part.name !== undefined || part.from !== undefined) setTaken(null);
  };

  const start = async (replace = false) => {
    setProblem(null);
    // "Replace" keeps its place, and the focus, while the daemon is asked.
    if (!replace) setTaken(null);
    const asked = requestOf(form, model, replace);
    setMissing("problem" in asked ? asked.problem : null);
    if ("problem" in asked) return;
    try {
      const started = await client().call("job.start", asked.request);
      store.dispatch({ type: "library/job", job: started });
      store.dispatch({ type: "new-slider", form: EMPTY_FORM });
      // Closed before it goes, so that the focus returns to what opened it.
      dialog.current?.close();
    } catch (error) {
      const holder = codeOf(error) === "conflict" ? await entryOf(asked.request.params.id).catch(() => null) : null;
      if (holder === null) setProblem(problemOf(error, "The search was not started"));
      else setTaken(holder);
    }
  };

  /** Asked anew: the page's list may be older than what took the name. */
  const entryOf = async (id: string): Promise<ArtifactEntry | null> => {
    const { artifacts } = await client().call("artifact.list", {});
    return artifacts.find((artifact) => artifact.id === id) ?? null;
  };

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="new-slider-title" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <h2 id="new-slider-title">New slider</h2>
        <p class="hint">
          A direction is found in {model ?? "the model"} from texts with and without a property. It is checked on texts that were held out.
        </p>
        <ContrastFields form={form} change={change} />
        {missing !== null && (
          <p class="field-error" role="alert">
            {missing}
          </p>
        )}
        {taken !== null && <Taken artifact={taken} onReplace={() => void start(true)} />}
        {problem !== null && <ProblemCard problem={problem} onRetry={() => void start()} onDismiss={() => setProblem(null)} />}
        <div class="row end">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Find it
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Taken({ artifact: { id, shipped }, onReplace }: { artifact: ArtifactEntry; onReplace: () => void }) {
  return (
    <div class="ask" role="alert">
      <p>
        There is a slider called {id.split("/")[1]} already.
        {shipped && " It comes with Tiller: yours hides it and its evidence, and it comes back when yours is deleted."}
      </p>
      <div class="row">
        <button
          type="button"
          onClick={() => {
            const field = document.querySelector<HTMLInputElement>(`#${NAME_FIELD}`);
            field?.focus();
            field?.select();
          }}
        >
          Another name
        </button>
        <button type="button" class="danger" onClick={onReplace}>
          Replace
        </button>
      </div>
    </div>
  );
}
