/** What a slider does and where: mode, layers, scope, range. Running answers keep the old settings; the next one has the new. */
import { useState } from "preact/hooks";
import type { ControlMode, Scope } from "../../daemon/protocol/preset.ts";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { layersText, parseLayers } from "./layers.ts";
import { MODES, SCOPE_TITLES } from "./modes.ts";
import { rangeOf } from "./range.ts";

interface Props {
  slider: RackControl;
  artifactLayers: readonly number[] | undefined;
  onClose: () => void;
}

export function SliderSettings({ slider: { name, control }, artifactLayers, onClose }: Props) {
  const { store } = useApp();
  const scope = useStore((state) => state.rack.rest.scope?.[name] ?? "all");
  const [layersWrong, setLayersWrong] = useState(false);
  const [low, high] = rangeOf(control);
  const change = (part: Partial<typeof control>) => store.dispatch({ type: "rack/change", name, control: part });
  const setRange = (from: number, to: number) => {
    if (Number.isFinite(from) && Number.isFinite(to) && from < to) change({ range: [Math.max(-1000, from), Math.min(1000, to)] });
  };
  return (
    <div class="slider-settings">
      <p class="hint">
        <code>{control.use}</code>
        {control.description !== undefined && ` — ${control.description}`}
      </p>
      <div class="fields">
        <label class="field" title={MODES[control.mode ?? "add"]}>
          <span>Mode</span>
          <select value={control.mode ?? "add"} onChange={({ currentTarget: { value } }) => change({ mode: value as ControlMode })}>
            {Object.entries(MODES).map(([mode, hint]) => (
              <option key={mode} value={mode} title={hint}>
                {mode}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Layers</span>
          <input
            value={layersText(control.layers)}
            placeholder={layersText(artifactLayers === undefined ? undefined : [...artifactLayers])}
            aria-invalid={layersWrong}
            title="3-6 or 2, 5; empty: those of the artifact"
            onChange={({ currentTarget: { value } }) => {
              const layers = parseLayers(value);
              setLayersWrong(layers === null);
              if (layers !== null) change({ layers } as Partial<typeof control>);
            }}
          />
        </label>
        <label class="field">
          <span>Scope</span>
          <select
            value={scope}
            onChange={({ currentTarget: { value } }) => store.dispatch({ type: "rack/change", name, control: {}, scope: value as Scope })}
          >
            {Object.entries(SCOPE_TITLES).map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>From</span>
          <input
            type="number"
            step="any"
            class="number"
            value={low}
            onChange={(event) => setRange(event.currentTarget.valueAsNumber, high)}
          />
        </label>
        <label class="field">
          <span>To</span>
          <input
            type="number"
            step="any"
            class="number"
            value={high}
            onChange={(event) => setRange(low, event.currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      {layersWrong && (
        <p class="field-error" role="alert">
          Layers are written like 3-6 or 2, 5.
        </p>
      )}
      <div class="row">
        <button type="button" class="quiet" onClick={() => store.dispatch({ type: "rack/move", name, by: -1 })}>
          <Icon name="up" />
          Earlier
        </button>
        <button type="button" class="quiet" onClick={() => store.dispatch({ type: "rack/move", name, by: 1 })}>
          <Icon name="down" />
          Later
        </button>
        <button type="button" class="quiet danger" onClick={() => store.dispatch({ type: "rack/remove", name })}>
          <Icon name="trash" />
          Remove
        </button>
        <button type="button" class="quiet end" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  );
}
