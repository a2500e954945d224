/** One control of the rack. Built from the preset's data alone: no method has a component of its own. */
import { useId, useState } from "preact/hooks";
import { actingOf, methodFor, receiptOf } from "../../daemon/protocol/rules/control.ts";
import { Evidence, EvidenceMark } from "../evidence/evidence.tsx";
import { Measure } from "../evidence/measure.tsx";
import type { RackControl } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { evidenceOf } from "./evidence.ts";
import { fingerprintOf, isForeign } from "./foreign.ts";
import { Foreign } from "./foreign-note.tsx";
import { beyondRange, clampStrength, formatStrength, rangeOf, shareOf } from "./range.ts";
import { settingsLine } from "./settings-line.ts";
import { SliderHead } from "./slider-head.tsx";
import { sliderSelector } from "./slider-selector.ts";
import { SliderSettings } from "./slider-settings.tsx";
import { StrengthRange, strengthStep } from "./strength-range.tsx";

export function Slider({ slider }: { slider: RackControl }) {
  const { store } = useApp();
  const { name, control, enabled } = slider;
  const artifact = useStore((state) => state.library.artifacts.find(({ id }) => id === control.use));
  const scope = useStore((state) => state.rack.rest.scope?.[name] ?? null);
  const foreign = useStore((state) => isForeign(artifact, fingerprintOf(state)));
  const [open, setOpen] = useState(false);
  /** said as long as the slider stands where it was held back */
  const [beyond, setBeyond] = useState<{ readonly text: string; readonly strength: number } | null>(null);
  const id = useId();
  const methods = useStore((state) => state.library.methods);
  const range = rangeOf(control, methods);
  const [low, high] = range;
  const title = control.title ?? name;
  const acting = actingOf(control, scope, artifact);
  const receipt = receiptOf(control, scope, artifact);
  const evidence = evidenceOf(artifact, receipt, control.use);
  const strength = (value: number) => {
    const text = beyondRange(title, value, range);
    setBeyond(text === null ? null : { text, strength: clampStrength(value, range) });
    store.dispatch({ type: "rack/strength", name, strength: value });
  };
  const at = (value: number) => shareOf(value, range);
  const place = settingsLine(acting.settings, methodFor(methods, control.use));
  const close = () => {
    setOpen(false);
    focusNext(sliderSelector(name, ".slider-more"));
  };
  return (
    <li class="slider" data-off={enabled && !foreign ? undefined : ""} data-name={name}>
      <SliderHead
        id={id}
        slider={slider}
        title={title}
        hint={control.description ?? artifact?.description ?? control.use}
        range={range}
        step={strengthStep(slider, receipt, methods)}
        open={open}
        onStrength={strength}
        onSettings={() => setOpen(!open)}
      />
      <StrengthRange id={id} slider={slider} receipt={receipt} describedBy={`${id}-place ${id}-evidence`} onStrength={strength} />
      {receipt !== null && <EvidenceMark receipt={receipt} acting={acting} range={range} at={at} />}
      <div class="slider-ends number">
        <span aria-hidden="true">{formatStrength(low)}</span>
        <span id={`${id}-place`}>{place}</span>
        <span aria-hidden="true">{formatStrength(high)}</span>
      </div>
      {foreign && <Foreign artifact={artifact!} />}
      {beyond?.strength === control.strength && (
        <p class="field-error" role="status">
          {beyond.text}
        </p>
      )}
      <div class="evidence">
        {evidence.quality !== null && <span>{evidence.quality} · </span>}
        {receipt !== null && evidence.measured ? (
          <Evidence id={id} receipt={receipt} acting={acting} strength={control.strength} />
        ) : (
          <span id={`${id}-evidence`}>{evidence.effect}</span>
        )}
        {artifact !== undefined && (
          <Measure artifact={artifact} receipt={receipt} control={control} scope={scope} range={range} title={title} />
        )}
      </div>
      {open && <SliderSettings slider={slider} artifact={artifact} onClose={close} />}
    </li>
  );
}
