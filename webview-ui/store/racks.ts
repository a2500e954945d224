/** The rack of sliders: what the chosen preset says, and what was moved since. */
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { Preset, Scope } from "../../daemon/protocol/preset.ts";
import { clampStrength, rangeOf } from "../rack/range.ts";
import type { RackAction } from "./actions.ts";
import { EMPTY_RACK } from "./initial.ts";
import type { RackControl, RackState } from "./state.ts";

/** @param methods what the methods say of how far sliders go */
export function reduceRack(rack: RackState, action: RackAction, methods: readonly MethodEntry[]): RackState {
  switch (action.type) {
    case "rack/preset":
      return rackOf(action.id, action.preset);
    case "rack/clear":
      return EMPTY_RACK;
    case "rack/strength":
      return change(rack, action.name, (slider) => {
        const strength = clampStrength(action.strength, rangeOf(slider.control, methods));
        return strength === slider.control.strength ? slider : { ...slider, control: { ...slider.control, strength } };
      });
    case "rack/enabled":
      return change(rack, action.name, (slider) => (slider.enabled === action.enabled ? slider : { ...slider, enabled: action.enabled }));
    case "rack/add": {
      if (rack.controls.some(({ name }) => name === action.name)) return rack;
      const slider: RackControl = { name: action.name, control: action.control, base: action.control.strength, enabled: true };
      return { ...withScope(rack, action.name, action.scope), controls: [...rack.controls, slider], dirty: true };
    }
    case "rack/change": {
      const changed = change(rack, action.name, (slider) => {
        const control = { ...slider.control, ...action.control };
        for (const key of Object.keys(control) as (keyof typeof control)[]) if (control[key] === undefined) delete control[key];
        return { ...slider, control: { ...control, strength: clampStrength(control.strength, rangeOf(control, methods)) } };
      });
      return action.scope === undefined ? changed : { ...withScope(changed, action.name, action.scope), dirty: true };
    }
    case "rack/remove": {
      const { [action.name]: _hold, ...hold } = rack.rest.hold ?? {};
      const controls = rack.controls.filter(({ name }) => name !== action.name);
      if (controls.length === rack.controls.length) return rack;
      const without = withScope(rack, action.name, null);
      const rest = { ...without.rest, hold };
      if (Object.keys(hold).length === 0) delete (rest as { hold?: unknown }).hold;
      // What the preset said of its sliders is not true of none.
      return { ...without, rest, controls, description: controls.length === 0 ? "" : rack.description, dirty: true };
    }
    case "rack/move": {
      const from = rack.controls.findIndex(({ name }) => name === action.name);
      const to = from + action.by;
      if (from < 0 || to < 0 || to >= rack.controls.length) return rack;
      const controls = [...rack.controls];
      controls.splice(to, 0, ...controls.splice(from, 1));
      return { ...rack, controls, dirty: true };
    }
    case "rack/saved":
      return {
        ...rack,
        preset: action.id,
        name: action.name,
        description: action.description ?? rack.description,
        dirty: false,
        controls: rack.controls.map((slider) => ({ ...slider, base: slider.control.strength })),
      };
    case "rack/acked":
      return { ...rack, acked: { ...rack.acked, ...action.strengths }, problem: null };
    case "rack/problem":
      return { ...rack, problem: action.problem };
    // rack-undo.ts, which knows what was there before
    case "rack/deleted":
    case "rack/undo":
      return rack;
  }
}

/** A preset's sliders as it has them. */
export function rackOf(id: string | null, preset: Preset): RackState {
  const { controls, name, description, tiller: _, ...rest } = preset;
  return {
    ...EMPTY_RACK,
    preset: id,
    name,
    description: description ?? "",
    rest,
    controls: Object.entries(controls).map(([key, control]) => ({ name: key, control, base: control.strength, enabled: true })),
  };
}

function change(rack: RackState, name: string, how: (slider: RackControl) => RackControl): RackState {
  let moved = false;
  const controls = rack.controls.map((slider) => {
    if (slider.name !== name) return slider;
    const after = how(slider);
    moved ||= after !== slider;
    return after;
  });
  return moved ? { ...rack, controls, dirty: true } : rack;
}

/** `all` is the default and is not written. */
function withScope(rack: RackState, name: string, scope: Scope | null): RackState {
  const { [name]: _, ...others } = rack.rest.scope ?? {};
  const next = scope === null || scope === "all" ? others : { ...others, [name]: scope };
  const rest = { ...rack.rest, scope: next };
  if (Object.keys(next).length === 0) delete (rest as { scope?: unknown }).scope;
  return { ...rack, rest };
}
