/** "New slider": finds a direction in the chosen model from a contrast, as a job of the daemon. */
import { useEffect, useRef, useState } from "preact/hooks";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { type ContrastForm, EMPTY_FORM, requestOf } from "./contrast.ts";
import { ContrastFields } from "./contrast-fields.tsx";

export function NewSlider({ onClose }: { onClose: () => void }) {
  const { store, client } = useApp();
  const model = useStore((state) => state.model);
  const [form, setForm] = useState<ContrastForm>(EMPTY_FORM);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const start = async () => {
    const asked = requestOf(form, model);
    if ("problem" in asked) return setMissing(asked.problem);
    setMissing(null);
    try {
      const started = await client().call("job.start", asked.request);
      store.dispatch({ type: "library/job", job: started });
      onClose();
    } catch (error) {
      setProblem(problemOf(error, "The search was not started"));
    }
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
        <ContrastFields form={form} change={(part) => setForm({ ...form, ...part })} />
        {missing !== null && (
          <p class="field-error" role="alert">
            {missing}
          </p>
        )}
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
