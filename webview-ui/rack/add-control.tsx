/** A new slider from an artifact that the store has. */
import { useState } from "preact/hooks";
import type { Artifact } from "../../daemon/protocol/artifact.ts";
import type { Control, ControlMode, Scope } from "../../daemon/protocol/preset.ts";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { layersText, parseLayers } from "./layers.ts";
import { MODES, SCOPE_TITLES } from "./modes.ts";

export function AddControl({ onDone }: { onDone: () => void }) {
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
  const wrong = nameProblem(shownName, controls) ?? (parsed === null ? "Layers are written like 3-6 or 2, 5." : null);
  const add = () => {
    if (wrong !== null || artifact === undefined) return;
    const control: Control = { use, strength: 0, ...(mode === "add" ? {} : { mode }), ...(parsed == null ? {} : { layers: parsed }) };
    store.dispatch({ type: "rack/add", name: shownName, control, scope });
    onDone();
  };
  return (
    <form
      class="add-control"
      aria-label="Add a slider"
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
        <button type="button" onClick={onDone}>
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

/** The artifact's own name, with a number when the rack has it already. */
export function freeName(use: string, controls: readonly Pick<RackControl, "name">[]): string {
  const stem =
    (use.split("/")[1] ?? "slider")
      .replaceAll(/[^a-zA-Z0-9_-]/g, "-")
      .replace(/^[^a-zA-Z]+/, "")
      .slice(0, 44) || "slider";
  const taken = new Set(controls.map(({ name }) => name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? stem : `${stem}-${i}`;
    if (!taken.has(name)) return name;
  }
}

function nameProblem(name: string, controls: readonly Pick<RackControl, "name">[]): string | null {
  if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/.test(name)) return "A name starts with a letter; letters, digits, '_' and '-' follow.";
  return controls.some((control) => control.name === name) ? `There is a slider called ${name} already.` : null;
}
