/** One control of the rack. Built from the preset's data alone: no method has a component of its own. */
import { useId, useState } from "preact/hooks";
import { Evidence, EvidenceMark } from "../evidence/evidence.tsx";
import { Measure } from "../evidence/measure.tsx";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { evidenceOf } from "./evidence.ts";
import { layersText } from "./layers.ts";
import { formatStrength, rangeOf, stepOf } from "./range.ts";
import { SliderSettings } from "./slider-settings.tsx";

export function Slider({ slider }: { slider: RackControl }) {
  const { store } = useApp();
  const { name, control, enabled, base } = slider;
  const artifact = useStore((state) => state.library.artifacts.find(({ id }) => id === control.use));
  const acked = useStore((state) => state.rack.acked[name]);
  const running = useStore((state) =>
    Object.values(state.answers).some((answer) => answer.phase !== "ended" && answer.controls.includes(name)),
  );
  const scope = useStore((state) => state.rack.rest.scope?.[name] ?? null);
  const [open, setOpen] = useState(false);
  const id = useId();
  const range = rangeOf(control);
  const [low, high] = range;
  const title = control.title ?? name;
  const evidence = evidenceOf(artifact, control.use);
  const strength = (value: number) => store.dispatch({ type: "rack/strength", name, strength: value });
  const at = (value: number) => (Math.min(high, Math.max(low, value)) - low) / (high - low);
  const place = layersText(control.layers ?? artifact?.layers);
  const mode = control.mode ?? "add";
  const spoken = enabled ? `${formatStrength(control.strength)}, ${mode}${place === "" ? "" : ` at layers ${place}`}` : "off";
  return (
    <li class="slider" data-off={enabled ? undefined : ""} data-name={name}>
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
        <label for={id} class="slider-title" title={control.description ?? artifact?.description ?? control.use}>
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
          min={low}
          max={high}
          step="any"
          value={control.strength}
          disabled={!enabled}
          onChange={({ currentTarget }) => {
            if (currentTarget.value !== "") strength(Number(currentTarget.value));
            currentTarget.value = String(store.get().rack.controls.find((other) => other.name === name)?.control.strength ?? "");
          }}
        />
        <button
          type="button"
          class="quiet square"
          aria-label={`Reset ${title} to ${formatStrength(base)}`}
          title={`Reset to ${formatStrength(base)}`}
          disabled={control.strength === base}
          onClick={() => strength(base)}
        >
          <Icon name="reset" />
        </button>
        <button type="button" class="quiet square" aria-label={`Settings of ${title}`} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="more" />
        </button>
      </div>
      <input
        id={id}
        type="range"
        min={low}
        max={high}
        step={stepOf(range)}
        value={control.strength}
        disabled={!enabled}
        aria-valuetext={spoken}
        aria-describedby={`${id}-evidence`}
        style={{ "--from": at(Math.min(0, control.strength)), "--to": at(Math.max(0, control.strength)), "--zero": at(0) }}
        onInput={(event) => strength(event.currentTarget.valueAsNumber)}
      />
      {artifact !== undefined && <EvidenceMark artifact={artifact} control={control} scope={scope} range={range} at={at} />}
      <div class="slider-ends number" aria-hidden="true">
        <span>{formatStrength(low)}</span>
        <span>
          {mode}
          {place === "" ? "" : ` · layers ${place}`}
        </span>
        <span>{formatStrength(high)}</span>
      </div>
      <div class="evidence">
        {evidence.separation !== null && <span>{evidence.separation} · </span>}
        {artifact !== undefined && evidence.measured ? (
          <Evidence id={id} artifact={artifact} control={control} scope={scope} />
        ) : (
          <span id={`${id}-evidence`}>{evidence.effect}</span>
        )}
        {artifact !== undefined && <Measure artifact={artifact} control={control} scope={scope} range={range} title={title} />}
      </div>
      {open && <SliderSettings slider={slider} artifactLayers={artifact?.layers} onClose={() => setOpen(false)} />}
    </li>
  );
}
