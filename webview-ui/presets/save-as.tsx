/** The form under the preset bar that saves the rack under a name; a name that is taken is asked about first. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import { idStem } from "../../daemon/protocol/rules/slug.ts";
import { codeOf, problemOf } from "../link/problem.ts";
import { useApp } from "../store/store.ts";

interface Props {
  name: string;
  description: string;
  /** id of the preset that the sliders came from */
  chosen: string | null;
  onSave: (id: string, name: string, description: string) => Promise<void>;
  onCancel: () => void;
}

export function SaveAs({ name: given, description: before, chosen, onSave, onCancel }: Props) {
  const { store, client } = useApp();
  const [name, setName] = useState(given);
  const [written, setWritten] = useState<string | null>(null);
  const [taken, setTaken] = useState<PresetEntry | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const pick = () => {
    input.current?.focus();
    input.current?.select();
  };
  // with the form itself, before it is painted: what is typed at once is typed into it
  useLayoutEffect(pick, []);
  const id = idStem(name, "preset");
  // What a preset says of itself is not true of another one.
  const description = written ?? (id === chosen ? before : "");

  const submit = async () => {
    if (id === null) return;
    try {
      // Asked of the daemon: the page's list may be older than what took the name.
      setTaken((await client().call("preset.get", { id })).entry);
    } catch (error) {
      if (codeOf(error) === "not-found") return onSave(id, name.trim(), description.trim());
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The preset was not saved") });
    }
  };

  return (
    <form
      class="save-as"
      aria-label="Save as"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <div class="row tight">
        <label class="field grow">
          <span>Name of the preset</span>
          <input
            ref={input}
            required
            maxLength={120}
            pattern=".*\S.*"
            value={name}
            onInput={(event) => {
              setName(event.currentTarget.value);
              setTaken(null);
            }}
          />
        </label>
        <button type="submit" class="primary">
          Save
        </button>
      </div>
      <label class="field">
        <span>What it does (may stay empty)</span>
        <textarea rows={2} maxLength={2000} dir="auto" value={description} onInput={(event) => setWritten(event.currentTarget.value)} />
      </label>
      {taken !== null && id !== null && (
        <div class="ask" role="alert">
          <p>
            There is a preset called {taken.preset?.name ?? taken.id} already.
            {taken.shipped && " It comes with Tiller: yours hides it, and it comes back when yours is deleted."}
          </p>
          <div class="row">
            <button type="button" onClick={pick}>
              Another name
            </button>
            <button type="button" class="danger" onClick={() => void onSave(id, name.trim(), description.trim())}>
              Replace
            </button>
          </div>
        </div>
      )}
    </form>
  );
}
