/** Choosing, saving, deleting and copying presets. */
import { useState } from "preact/hooks";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Preset } from "../../daemon/protocol/preset.ts";
import { refreshPresets } from "../link/library.ts";
import { problemOf } from "../link/problem.ts";
import { SAVE_AS, UNDO } from "../rack/panel-ids.ts";
import { presetOf } from "../rack/steering.ts";
import { useApp, useStore } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";
import { focusNext } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { IdleButton } from "../ui/idle-button.tsx";
import { choosePreset, takeSampling } from "./choose.ts";
import { PresetChoice } from "./preset-choice.tsx";
import { SaveAs } from "./save-as.tsx";

export function PresetBar() {
  const { store, client } = useApp();
  const presets = useStore((state) => state.library.presets);
  const rack = useStore((state) => state.rack);
  const [naming, setNaming] = useState(false);
  const [saved, setSaved] = useState(false);
  const chosen = presets.find(({ id }) => id === rack.preset);
  const current = (name: string, description = rack.description): Preset => presetOf({ ...store.get().rack, description }, name);
  const failed = (error: unknown, what: string) => store.dispatch({ type: "rack/problem", problem: problemOf(error, what) });

  const choose = (id: string) => {
    setSaved(false);
    setNaming(false);
    if (id === "") return store.dispatch({ type: "rack/clear" });
    choosePreset(store, id);
  };

  const save = async (id: string, name: string, description = rack.description) => {
    setSaved(false);
    try {
      const entry = await client().call("preset.save", { id, preset: current(name, description) });
      store.dispatch({ type: "library/preset", entry });
      store.dispatch({ type: "rack/saved", id: entry.id, name, description });
      store.dispatch({ type: "rack/problem", problem: null });
      if (naming) stopNaming();
      setSaved(true);
    } catch (error) {
      failed(error, "The preset was not saved");
    }
  };

  const remove = async ({ id, preset }: PresetEntry) => {
    setSaved(false);
    try {
      const { text } = await client().call("preset.get", { id });
      await client().call("preset.delete", { id });
      await refreshPresets(client(), store);
      const back = store.get().library.presets.find((entry) => entry.id === id)?.preset ?? null;
      store.dispatch({ type: "rack/deleted", id, name: preset?.name ?? id, text, back });
      if (back !== null) takeSampling(store, back);
      focusNext(`#${UNDO}`);
    } catch (error) {
      failed(error, "The preset was not deleted");
    }
  };

  const formatted = async () => (await client().call("preset.format", { preset: current(rack.name) })).text;

  const stopNaming = () => {
    setNaming(false);
    focusNext(`#${SAVE_AS}`);
  };

  return (
    <div class="preset-bar">
      <div class="row tight">
        <PresetChoice onChoose={choose} />
        <IdleButton
          square
          label="Save the preset"
          title={saveHint(chosen)}
          idle={chosen === undefined || chosen.shipped || !rack.dirty}
          onClick={() => void save(rack.preset!, rack.name)}
        >
          <Icon name="save" />
        </IdleButton>
        <button
          type="button"
          class="quiet"
          id={SAVE_AS}
          aria-expanded={naming}
          disabled={rack.controls.length === 0}
          onClick={() => setNaming(!naming)}
        >
          Save as
        </button>
        <CopyButton label="Copy as preset" text={formatted} />
        {chosen !== undefined && !chosen.shipped && !chosen.hides && (
          <button
            type="button"
            class="quiet square danger"
            aria-label="Delete the preset"
            title="Delete the preset"
            onClick={() => void remove(chosen)}
          >
            <Icon name="trash" />
          </button>
        )}
      </div>
      {chosen?.hides && (
        <p class="hint row">
          Hides a shipped one.
          <button type="button" class="quiet" onClick={() => void remove(chosen)}>
            Back to the shipped one
          </button>
        </p>
      )}
      {rack.dirty && chosen !== undefined && (
        <span class="hint" role="status">
          Changed since it was loaded.
        </span>
      )}
      {saved && !rack.dirty && (
        <span class="hint" role="status">
          Saved.
        </span>
      )}
      <Problems chosen={chosen} presets={presets} />
      {naming && <SaveAs name={rack.name} description={rack.description} chosen={rack.preset} onSave={save} onCancel={stopNaming} />}
    </div>
  );
}

function Problems({ chosen, presets }: { chosen: PresetEntry | undefined; presets: readonly PresetEntry[] }) {
  const broken = presets.filter(({ problem, preset }) => preset === null && problem !== null);
  return (
    <>
      {chosen?.problem != null && chosen.preset !== null && <p class="field-error">{chosen.problem}</p>}
      {broken.map(({ id, problem }) => (
        <p class="field-error" key={id}>
          {id}: {problem}
        </p>
      ))}
    </>
  );
}

function saveHint(chosen: PresetEntry | undefined): string {
  if (chosen === undefined) return "Choose “Save as” first";
  return chosen.shipped ? "It comes with Tiller: use “Save as”" : "Save the preset";
}
