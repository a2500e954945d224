/** Choosing, saving and copying presets. */
import { useState } from "preact/hooks";
import type { Preset } from "../../daemon/protocol/preset.ts";
import { problemOf } from "../link/problem.ts";
import { useApp, useStore } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";
import { Icon } from "../ui/icon.tsx";
import { presetOf } from "./steering.ts";
import { presetYaml } from "./yaml.ts";

export function PresetBar() {
  const { store, client } = useApp();
  const presets = useStore((state) => state.library.presets);
  const rack = useStore((state) => state.rack);
  const [naming, setNaming] = useState<string | null>(null);
  const [saved, setSaved] = useState(false);
  const chosen = presets.find(({ id }) => id === rack.preset);

  const choose = (id: string) => {
    if (id === "") return store.dispatch({ type: "rack/clear" });
    const entry = presets.find((candidate) => candidate.id === id);
    if (entry?.preset == null) return;
    store.dispatch({ type: "rack/preset", id, preset: entry.preset });
    const { seed, ...values } = entry.preset.sampling ?? {};
    store.dispatch({ type: "sampling", values });
    if (seed !== undefined) store.dispatch({ type: "sampling/options", options: { seed, seedLocked: true } });
  };

  const save = async (id: string, name: string) => {
    setSaved(false);
    try {
      const entry = await client().call("preset.save", { id, preset: current(name) });
      store.dispatch({ type: "library/preset", entry });
      store.dispatch({ type: "rack/saved", id: entry.id, name });
      store.dispatch({ type: "rack/problem", problem: null });
      setNaming(null);
      setSaved(true);
    } catch (error) {
      store.dispatch({ type: "rack/problem", problem: problemOf(error, "The preset was not saved") });
    }
  };

  const current = (name: string): Preset => presetOf(store.get().rack, name);
  const broken = presets.filter(({ problem, preset }) => preset === null && problem !== null);

  return (
    <div class="preset-bar">
      <div class="row tight">
        <label class="field grow">
          <span class="hidden">Preset</span>
          <select value={rack.preset ?? ""} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">{rack.preset === null && rack.controls.length > 0 ? "own sliders" : "no preset"}</option>
            {presets.map(({ id, preset, problem, shipped }) => (
              <option key={id} value={id} disabled={preset === null} title={problem ?? preset?.description ?? ""}>
                {preset?.name ?? id}
                {problem === null ? "" : preset === null ? " (has a mistake)" : " (another model’s)"}
                {shipped ? "" : " ·"}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="quiet square"
          aria-label="Save the preset"
          title={rack.preset === null ? "Choose “Save as” first" : "Save the preset"}
          disabled={rack.preset === null || !rack.dirty}
          onClick={() => void save(rack.preset!, rack.name)}
        >
          <Icon name="save" />
        </button>
        <button
          type="button"
          class="quiet"
          aria-expanded={naming !== null}
          disabled={rack.controls.length === 0}
          onClick={() => setNaming(naming === null ? rack.name : null)}
        >
          Save as
        </button>
        <CopyButton label="Copy as preset" text={() => presetYaml(current(rack.name))} />
      </div>
      {rack.dirty && (
        <span class="hint" role="status">
          Changed since it was {chosen === undefined ? "made" : "loaded"}.
        </span>
      )}
      {saved && !rack.dirty && (
        <span class="hint" role="status">
          Saved.
        </span>
      )}
      {chosen?.problem != null && chosen.preset !== null && <p class="field-error">{chosen.problem}</p>}
      {broken.map(({ id, problem }) => (
        <p class="field-error" key={id}>
          {id}: {problem}
        </p>
      ))}
      {naming !== null && (
        <form
          class="row tight"
          onSubmit={(event) => {
            event.preventDefault();
            void save(presetIdOf(naming), naming.trim());
          }}
        >
          <label class="field grow">
            <span>Name of the preset</span>
            <input
              required
              maxLength={120}
              pattern=".*[A-Za-z0-9].*"
              value={naming}
              ref={(input) => {
                if (input !== document.activeElement) input?.focus();
              }}
              onInput={(event) => setNaming(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary">
            Save
          </button>
        </form>
      )}
    </div>
  );
}

export function presetIdOf(name: string): string {
  const id = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 64);
  return id === "" ? "preset" : id;
}
