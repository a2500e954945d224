/** The list of presets: those that come with Tiller, and the user's own. */
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import { PRESET } from "../rack/panel-ids.ts";
import { useStore } from "../store/store.ts";

export function PresetChoice({ onChoose }: { onChoose: (id: string) => void }) {
  const presets = useStore((state) => state.library.presets);
  const rack = useStore((state) => state.rack);
  return (
    <label class="field grow">
      <span class="hidden">Preset</span>
      <select id={PRESET} value={rack.preset ?? ""} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">{rack.preset === null && rack.controls.length > 0 ? "own sliders" : "no preset"}</option>
        <Group label="Shipped" presets={presets.filter(({ shipped }) => shipped)} />
        <Group label="Yours" presets={presets.filter(({ shipped }) => !shipped)} />
      </select>
    </label>
  );
}

function Group({ label, presets }: { label: string; presets: readonly PresetEntry[] }) {
  if (presets.length === 0) return null;
  return (
    <optgroup label={label}>
      {presets.map(({ id, preset, problem }) => (
        <option key={id} value={id} disabled={preset === null} title={problem ?? preset?.description ?? ""}>
          {preset?.name ?? id}
          {problem === null ? "" : preset === null ? " (has a mistake)" : " (another model’s)"}
        </option>
      ))}
    </optgroup>
  );
}
