/** The upper line of a slider: its switch, name, strength as a number, reset and settings. */
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { IdleButton } from "../ui/idle-button.tsx";
import { formatStrength } from "./range.ts";

interface Props {
  /** of the range input, which the title labels */
  id: string;
  slider: RackControl;
  title: string;
  hint: string;
  range: readonly [number, number];
  step: number;
  open: boolean;
  onStrength: (value: number) => void;
  onSettings: () => void;
}

export function SliderHead({ id, slider, title, hint, range, step, open, onStrength, onSettings }: Props) {
  const { store } = useApp();
  const { name, control, enabled, base } = slider;
  const acked = useStore((state) => state.rack.acked[name]);
  const running = useStore((state) =>
    Object.values(state.answers).some((answer) => answer.phase !== "ended" && answer.controls.includes(name)),
  );
  return (
    <div class="slider-head">
      <input
        type="checkbox"
        class="switch"
        role="switch"
        checked={enabled}
        aria-checked={enabled}
        aria-label={`${title} on`}
        onChange={(event) => store.dispatch({ type: "rack/enabled", name, enabled: event.currentTarget.checked })}
      />
      <label for={id} class="slider-title" title={hint}>
        {title}
      </label>
      <span
        class="acked"
        data-on={running && acked === (enabled ? control.strength : 0) ? "" : undefined}
        title="The running answer has taken this strength"
      >
        <Icon name="check" />
      </span>
      <input
        type="number"
        class="number slider-number"
        aria-label={`${title}, strength as a number`}
        min={range[0]}
        max={range[1]}
        step={step}
        value={control.strength}
        disabled={!enabled}
        onChange={({ currentTarget }) => {
          if (currentTarget.value !== "") onStrength(Number(currentTarget.value));
          currentTarget.value = String(store.get().rack.controls.find((other) => other.name === name)?.control.strength ?? "");
        }}
      />
      <IdleButton
        square
        label={`Reset ${title} to ${formatStrength(base)}`}
        title={`Reset to ${formatStrength(base)}`}
        idle={control.strength === base}
        onClick={() => onStrength(base)}
      >
        <Icon name="reset" />
      </IdleButton>
      <button type="button" class="quiet square slider-more" aria-label={`Settings of ${title}`} aria-expanded={open} onClick={onSettings}>
        <Icon name="more" />
      </button>
    </div>
  );
}
