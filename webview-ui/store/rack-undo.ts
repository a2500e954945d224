/**
 * The rack with a way back from what throws sliders away: leaving changed ones for another preset, taking one out, deleting a
 * preset. One step, kept while the page is open.
 */
import type { MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import { freeName } from "../rack/names.ts";
import type { RackAction } from "./actions.ts";
import { rackOf, reduceRack } from "./racks.ts";
import type { RackState, RackUndo, State } from "./state.ts";

type Steering = Pick<State, "rack" | "rackUndo" | "sampling">;

export function reduceSteering(state: Steering, action: RackAction, methods: readonly MethodEntry[]): Steering {
  const { rack, sampling } = state;
  const next = { ...state, rack: reduceRack(rack, action, methods) };
  switch (action.type) {
    case "rack/preset":
    case "rack/clear": {
      const lost = rack.dirty && rack.controls.length > 0;
      return { ...next, rackUndo: lost ? { kind: "left", rack, sampling } : null };
    }
    case "rack/remove":
      return next.rack === rack ? state : { ...next, rackUndo: { kind: "removed", name: action.name, before: rack, after: next.rack } };
    case "rack/deleted": {
      const { id, name, text, back } = action;
      const after = back === null ? { ...rack, preset: null, dirty: rack.controls.length > 0 } : rackOf(id, back);
      return { ...next, rack: after, rackUndo: { kind: "deleted", id, name, text, back: back !== null, rack, sampling } };
    }
    case "rack/undo":
      return state.rackUndo === null ? state : undone(state, state.rackUndo);
    default:
      return next.rack === rack ? state : next;
  }
}

function undone(state: Steering, undo: RackUndo): Steering {
  if (undo.kind === "removed") {
    const rack = state.rack === undo.after ? undo.before : putBack(state.rack, undo);
    return { ...state, rack, rackUndo: null };
  }
  // The preset that is left again may have come with settings of its own.
  const sampling = state.rack.rest.sampling === undefined ? state.sampling : undo.sampling;
  const lost = state.rack.dirty && state.rack.controls.length > 0 && undo.kind === "left";
  const rackUndo: RackUndo | null = lost ? { kind: "left", rack: state.rack, sampling: state.sampling } : null;
  return { rack: { ...undo.rack, acked: {}, problem: null }, sampling, rackUndo };
}

/** The one slider, into a rack that was changed since. */
function putBack(rack: RackState, { name, before }: Extract<RackUndo, { kind: "removed" }>): RackState {
  const place = before.controls.findIndex((slider) => slider.name === name);
  const taken = rack.controls.some((slider) => slider.name === name);
  const now = taken ? freeName(`slider/${name}`, rack.controls) : name;
  const controls = rack.controls.toSpliced(place, 0, { ...before.controls[place]!, name: now });
  const [scope, hold] = [before.rest.scope?.[name], before.rest.hold?.[name]];
  const rest = {
    ...rack.rest,
    ...(scope === undefined ? {} : { scope: { ...rack.rest.scope, [now]: scope } }),
    ...(hold === undefined ? {} : { hold: { ...rack.rest.hold, [now]: hold } }),
  };
  return { ...rack, controls, rest, description: rack.description === "" ? before.description : rack.description, dirty: true };
}
