/** A new slider from an artifact that the store has. */
import { useState } from "preact/hooks";
import type { Artifact } from "../../daemon/protocol/artifact.ts";
import type { Control, ControlMode, Scope } from "../../daemon/protocol/preset.ts";
import { useApp, useStore } from "../store/store.ts";
import { layersProblem, layersText, parseLayers } from "./layers.ts";
import { MODES, SCOPE_TITLES } from "./modes.ts";
import { freeName, nameProblem } from "./names.ts";
import { controlOf } from "./new-control.ts";

/** `onDone`: with the name of the new slider, or null where none was added. */
export function AddControl({ onDone }: { onDone: (name: string | null) => void }) {
  const { store } = useApp();
  const all = useStore((state) => state.library.artifacts);
  const fingerprint = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.fingerprint);
  const [fitting, foreign] = byModel(all, fingerprint);
  const artifacts = [...fitting, ...foreign];
  const controls = useStore((state) => state.rack.controls);
  const [use, setUse] = useState(artifacts[0]?.id ?? "");
  const [name, setName] = useState<string | null>(null);
  const [mode, setMode] = useState<ControlMode>("add");
  const [layers, setLayers] = useState("");
  const [scope, setScope] = useState<Scope>("all");
  const artifact = artifacts.find(({ id }) => id === use);
  if (artifacts.length === 0)
    return (
      <p class="empty">
        The store has no artifacts yet. Make a new slider, or import one with <code>tiller vector import</code>.
      </p>
    );
  const shownName = name ?? freeName(use, controls);
  const parsed = parseLayers(layers);
  const wrong = nameProblem(shownName, controls) ?? layersProblem(layers, artifact?.model.layers);
  const add = () => {
    if (wrong !== null || artifact === undefined) return;
    // Under the artifact's title, unless it was given a name here.
    const { title, ...made } = controlOf(artifact, mode);
    const control: Control = {
      ...made,
      ...(title === undefined || name !== null ? {} : { title }),
      ...(parsed == null ? {} : { layers: parsed }),
    };
    store.dispatch({ type: "rack/add", name: shownName, control, scope });
    onDone(shownName);
  };
  return (
    <form
      class="add-control"
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
        <label class="field" title={MODES[mode]}>
          <span>Mode</span>
          <select value={mode} onChange={(event) => setMode(event.currentTarget.value as ControlMode)}>
            {Object.entries(MODES).map(([id, hint]) => (
              <option key={id} value={id} title={hint}>
                {id}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Layers</span>
          <input
            value={layers}
            placeholder={layersText(artifact === undefined ? undefined : [...artifact.layers])}
            onInput={(event) => setLayers(event.currentTarget.value)}
          />
        </label>
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
function byModel(artifacts: readonly Artifact[], fingerprint: string | undefined): [Artifact[], Artifact[]] {
  const foreign = ({ model }: Artifact): boolean =>
    model.fingerprint !== null && fingerprint !== undefined && model.fingerprint !== fingerprint;
  return [artifacts.filter((one) => !foreign(one)), artifacts.filter(foreign)];
}

function labelOf({ id, title }: Artifact): string {
  return title === "" || title === id ? id : `${title} (${id})`;
}
