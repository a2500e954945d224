/** A model that lies on the daemon's machine: by its path, or one of those that other programs have there already. */
import { useState } from "preact/hooks";
import type { FoundModel } from "../../daemon/protocol/api/model.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { bytesText } from "./format.ts";

type What = { readonly path: string } | { readonly found: string };

export function AddForm() {
  const { store, client } = useApp();
  const [path, setPath] = useState("");
  const [files, setFiles] = useState<readonly FoundModel[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [added, setAdded] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (what: string, work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    setAdded(null);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error, what));
    }
    setBusy(false);
  };
  const add = (what: What) =>
    run("The model was not added", async () => {
      const model = await client().call("model.add", what);
      store.dispatch({ type: "library/model", model });
      setAdded(model.name);
      if ("path" in what) setPath("");
      else setFiles((list) => list?.map((file) => (file.id === what.found ? { ...file, model: model.id } : file)) ?? null);
      // The button that added it is gone.
      rescueFocus(
        () => document.querySelector<HTMLElement>(".found-list button"),
        () => document.querySelector<HTMLElement>(".add-model [aria-expanded]"),
      );
    });
  const look = () => run("The folders were not looked at", async () => setFiles((await client().call("model.found", {})).files));
  return (
    <form
      class="add-model"
      onSubmit={(event) => {
        event.preventDefault();
        void add({ path: path.trim() });
      }}
    >
      <h3>Add a model from this machine</h3>
      <div class="row tight">
        <label class="field grow">
          <span>Path of a GGUF file on the machine that the daemon runs on; it stays where it is</span>
          <input
            required
            value={path}
            placeholder="/home/me/models/model.gguf"
            spellcheck={false}
            autocomplete="off"
            onInput={(event) => setPath(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={busy}>
          <Icon name="plus" />
          Add
        </button>
      </div>
      <div class="row">
        <button
          type="button"
          aria-expanded={files !== null}
          disabled={busy}
          onClick={() => (files === null ? void look() : setFiles(null))}
        >
          {files === null ? "Look for models of other programs" : "Hide those that were found"}
        </button>
        <span class="hint">Hugging Face, LM Studio, Ollama, llama.cpp. Nothing of theirs is changed.</span>
      </div>
      {files !== null && <Found files={files} busy={busy} onAdd={(found) => void add({ found })} />}
      <p class="hint" role="status">
        {added !== null && `${added} is in the list now.`}
      </p>
      {problem !== null && <ProblemCard problem={problem} onDismiss={() => setProblem(null)} />}
    </form>
  );
}

function Found({ files, busy, onAdd }: { files: readonly FoundModel[]; busy: boolean; onAdd: (id: string) => void }) {
  if (files.length === 0) return <p class="empty">None of these programs has a GGUF file in its usual folder on this machine.</p>;
  return (
    <ul class="found-list" aria-label="Models of other programs">
      {files.map(({ id, name, program, sizeBytes, model }) => (
        <li key={id}>
          <span class="found-name">{name}</span>
          <span class="hint number">
            {program}, {bytesText(sizeBytes)}
          </span>
          {model === null ? (
            <button type="button" disabled={busy} aria-label={`Add ${name}`} onClick={() => onAdd(id)}>
              Add
            </button>
          ) : (
            <span class="badge">in the list</span>
          )}
        </li>
      ))}
    </ul>
  );
}
