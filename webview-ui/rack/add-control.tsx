/** A new slider from an artifact that the store has. */
import { useState } from "preact/hooks";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { Control, Scope, With } from "../../daemon/protocol/preset.ts";
import { methodFor } from "../../daemon/protocol/rules/control.ts";
import { useApp, useStore } from "../store/store.ts";
import { useIntoView } from "../ui/into-view.ts";
import { MethodSettings } from "./method-settings.tsx";
import { freeName, nameProblem } from "./names.ts";
import { controlOf } from "./new-control.ts";
import { SCOPE_TITLES } from "./scopes.ts";

/** `onDone`: with the name of the new slider, or null where none was added. */
export function AddControl({ onDone }: { onDone: (name: string | null) => void }) {
  const { store } = useApp();
  const opened = useIntoView<HTMLFormElement>();
  const all = useStore((state) => state.library.artifacts);
  const fingerprint = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.fingerprint);
  const [fitting, foreign] = byModel(all, fingerprint);
  const artifacts = [...fitting, ...foreign];
  const controls = useStore((state) => state.rack.controls);
  const [use, setUse] = useState(artifacts[0]?.id ?? "");
  const [name, setName] = useState<string | null>(null);
  const [settings, setSettings] = useState<With>({});
  const [scope, setScope] = useState<Scope>("all");
  const artifact = artifacts.find(({ id }) => id === use);
  if (artifacts.length === 0)
    return (
      <p class="empty">
        The store has no artifacts yet. Make a new slider, or import one with <code>tiller vector import</code>.
      </p>
    );
  const shownName = name ?? freeName(use, controls);
  const method = methodFor(
    useStore((state) => state.library.methods),
    use,
  );
  const wrong = nameProblem(shownName, controls);
  const add = () => {
    if (wrong !== null || artifact === undefined) return;
    // Under the artifact's title, unless it was given a name here.
    const { title, ...made } = controlOf(artifact, settings);
    const control: Control = { ...made, ...(title === undefined || name !== null ? {} : { title }) };
    store.dispatch({ type: "rack/add", name: shownName, control, scope });
    onDone(shownName);
  };
  return (
    <form
      class="add-control"
      ref={opened}
      aria-label="Add a slider"
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone(null);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <div class="fields">
        <label class="field wide">
          <span>Artifact</span>
          <select
            value={use}
            onChange={(event) => {
              setUse(event.currentTarget.value);
              setName(null);
              setSettings({});
            }}
          >
            {fitting.map((entry) => (
              <option key={entry.id} value={entry.id}>
                {labelOf(entry)}
              </option>
            ))}
            {foreign.length > 0 && (
              <optgroup label="Made on another model: refused by this one">
                {foreign.map((entry) => (
                  <option key={entry.id} value={entry.id}>
                    {labelOf(entry)}
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </label>
        <label class="field">
          <span>Name</span>
          <input value={shownName} maxLength={48} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        {method !== undefined && (
          <MethodSettings key={use} method={method} artifact={artifact} settings={settings} onChange={setSettings} />
        )}
        <label class="field">
          <span>Scope</span>
          <select value={scope} onChange={(event) => setScope(event.currentTarget.value as Scope)}>
            {Object.entries(SCOPE_TITLES).map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      {wrong !== null && (
        <p class="field-error" role="alert">
          {wrong}
        </p>
      )}
      <div class="row">
        <button type="submit" class="primary" disabled={wrong !== null}>
          Add slider
        </button>
        <button type="button" onClick={() => onDone(null)}>
          Cancel
        </button>
        <span class="hint">A running answer keeps its sliders; the next one has the new.</span>
      </div>
    </form>
  );
}

/** [those that the chosen model takes, those that were found on another one] */
function byModel(artifacts: readonly ArtifactEntry[], fingerprint: string | undefined): [ArtifactEntry[], ArtifactEntry[]] {
  const foreign = ({ model }: ArtifactEntry): boolean =>
    model.fingerprint !== null && fingerprint !== undefined && model.fingerprint !== fingerprint;
  return [artifacts.filter((one) => !foreign(one)), artifacts.filter(foreign)];
}

function labelOf({ id, title }: ArtifactEntry): string {
  return title === "" || title === id ? id : `${title} (${id})`;
}
