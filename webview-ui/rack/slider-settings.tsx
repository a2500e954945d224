/** What a slider does and where: mode, layers, scope, range. Running answers keep the old settings; the next one has the new. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import type { Scope } from "../../daemon/protocol/preset.ts";
import { methodFor } from "../../daemon/protocol/rules/control.ts";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { useIntoView } from "../ui/into-view.ts";
import { MethodSettings } from "./method-settings.tsx";
import { UNDO } from "./panel-ids.ts";
import { SCOPE_TITLES } from "./scopes.ts";
import { RangeFields } from "./slider-fields.tsx";
import { sliderSelector } from "./slider-selector.ts";

interface Props {
  slider: RackControl;
  artifact: ArtifactEntry | undefined;
  onClose: () => void;
}

export function SliderSettings({ slider: { name, control }, artifact, onClose }: Props) {
  const { store } = useApp();
  const scope = useStore((state) => state.rack.rest.scope?.[name] ?? "all");
  const method = methodFor(
    useStore((state) => state.library.methods),
    control.use,
  );
  const opened = useIntoView<HTMLDivElement>();
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
    <div class="slider-settings" ref={opened} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <p class="hint">
        <code>{control.use}</code>
        {control.description !== undefined && ` — ${control.description}`}
      </p>
      <div class="fields">
        {method !== undefined && (
          <MethodSettings
            method={method}
            artifact={artifact}
            settings={control.with ?? {}}
            onChange={(settings) => change({ with: Object.keys(settings).length === 0 ? undefined : settings } as Partial<typeof control>)}
          />
        )}
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
