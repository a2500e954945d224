/** The rack as the wire wants it. */
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { Preset, Rack } from "../../daemon/protocol/preset.ts";
import type { RackControl, RackState } from "../store/state.ts";
import { rangeOf } from "./range.ts";

/** A switched-off slider steers with 0: it stays in the rack, so that it can be switched on in the middle of an answer. */
export function effectiveStrength({ control, enabled }: RackControl): number {
  return enabled ? control.strength : 0;
}

/** Null when there is nothing to steer with. A switched-off slider whose range leaves 0 out is left out whole. */
export function rackOnWire(rack: RackState, methods: readonly MethodEntry[]): Rack | null {
  const sent = rack.controls.filter((slider) => {
    const [low, high] = rangeOf(slider.control, methods);
    return slider.enabled || (low <= 0 && high >= 0);
  });
  if (sent.length === 0) return null;
  const names = new Set(sent.map(({ name }) => name));
  const keep = <T>(record: Record<string, T> | undefined) => {
    const entries = Object.entries(record ?? {}).filter(([name]) => names.has(name));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  };
  const { when, decoding } = rack.rest;
  const hold = keep(rack.rest.hold);
  const scope = keep(rack.rest.scope);
  return {
    controls: Object.fromEntries(sent.map((slider) => [slider.name, { ...slider.control, strength: effectiveStrength(slider) }])),
    ...(decoding === undefined ? {} : { decoding }),
    ...(when === undefined ? {} : { when }),
    ...(hold === undefined ? {} : { hold }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** The rack as a preset file: what is saved and what "copy as preset" copies. Sliders that are off are written as 0. */
export function presetOf(rack: RackState, name: string, extra: Pick<Preset, "sampling" | "system"> = {}): Preset {
  const { model, when, hold, scope, decoding } = rack.rest;
  const system = extra.system ?? rack.rest.system;
  const sampling = extra.sampling ?? rack.rest.sampling;
  return {
    tiller: 2,
    name,
    ...(rack.description === "" ? {} : { description: rack.description }),
    ...(model === undefined ? {} : { model }),
    controls: Object.fromEntries(rack.controls.map((slider) => [slider.name, { ...slider.control, strength: effectiveStrength(slider) }])),
    ...(decoding === undefined ? {} : { decoding }),
    ...(when === undefined ? {} : { when }),
    ...(hold === undefined ? {} : { hold }),
    ...(scope === undefined ? {} : { scope }),
    ...(sampling === undefined ? {} : { sampling }),
    ...(system === undefined || system === "" ? {} : { system }),
  };
}
