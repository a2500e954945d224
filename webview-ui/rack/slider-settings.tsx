/** What a slider does and where: mode, layers, scope, range. Running answers keep the old settings; the next one has the new. */
import type { Artifact } from "../../daemon/protocol/artifact.ts";
import type { ControlMode, Scope } from "../../daemon/protocol/preset.ts";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { MODES, SCOPE_TITLES } from "./modes.ts";
import { UNDO } from "./panel-ids.ts";
import { LayersField, RangeFields } from "./slider-fields.tsx";
import { sliderSelector } from "./slider-selector.ts";

interface Props {
  slider: RackControl;
  artifact: Artifact | undefined;
  onClose: () => void;
}

export function SliderSettings({ slider: { name, control }, artifact, onClose }: Props) {
  const { store } = useApp();
  const scope = useStore((state) => state.rack.rest.scope?.[name] ?? "all");
  const change = (part: Partial<typeof control>) => store.dispatch({ type: "rack/change", name, control: part });
  /** The browser takes the focus from an element that is put elsewhere. */
  const move = (by: 1 | -1) => {
    store.dispatch({ type: "rack/move", name, by });
    focusNext(sliderSelector(name, `[data-by="${by}"]`));
  };
  const remove = () => {
    store.dispatch({ type: "rack/remove", name });
    focusNext(`#${UNDO}`);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape in any of its fields closes it; "Done" does the same
    <div class="slider-settings" onKeyDown={(event) => event.key === "Escape" && onClose()}>
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
        <LayersField control={control} change={change} own={artifact?.layers} count={artifact?.model.layers} />
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
        <RangeFields control={control} change={change} />
      </div>
      <div class="row">
        <button type="button" class="quiet" data-by="-1" onClick={() => move(-1)}>
          <Icon name="up" />
          Earlier
        </button>
        <button type="button" class="quiet" data-by="1" onClick={() => move(1)}>
          <Icon name="down" />
          Later
        </button>
        <button type="button" class="quiet danger" onClick={remove}>
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
