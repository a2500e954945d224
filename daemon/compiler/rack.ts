/** What is wrong with a rack by itself, whatever the artifacts and the model: names that are none, strengths beyond their ranges. */
import { TillerError } from "../protocol/errors.ts";
import type { Rack } from "../protocol/preset.ts";
import { didYouMean } from "../protocol/similar.ts";

export const MAX_GATES = 3;

/** The value under this very name: `constructor` is as good a name for a control as any. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** In the order in which they are to be told; each names its field. @param set strengths that replace the rack's own */
export function rackProblems(rack: Rack, set: Readonly<Record<string, number>> = {}): TillerError[] {
  const names = Object.keys(rack.controls);
  const named = { set, scope: rack.scope ?? {}, hold: rack.hold ?? {} };
  const problems = [
    ...Object.entries(named).flatMap(([part, record]) => Object.keys(record).map((name) => unknownControl(name, names, `${part}.${name}`))),
    Object.keys(rack.when ?? {}).length > MAX_GATES
      ? new TillerError("out-of-range", `when: at most ${MAX_GATES} gates`, { field: "when" })
      : null,
    ...names.map((name) => badStrength(name, own(set, name) ?? rack.controls[name]!.strength, rack.controls[name]!.range)),
  ];
  return problems.filter((problem) => problem !== null);
}

function unknownControl(name: string, names: readonly string[], field: string): TillerError | null {
  if (names.includes(name)) return null;
  const known = names.length === 0 ? "this rack has no controls" : `this rack has ${names.join(", ")}`;
  const meant = didYouMean(name, names);
  return new TillerError("unknown-control", `unknown control '${name}': ${known}`, {
    field,
    ...(meant === "" ? {} : { suggestion: meant.trim() }),
  });
}

function badStrength(name: string, strength: number, range: readonly [number, number] | undefined): TillerError | null {
  const field = `controls.${name}.strength`;
  if (!Number.isFinite(strength))
    return new TillerError("out-of-range", `${field}: ${strength} is not a number`, { field, suggestion: "Give a finite number." });
  if (range === undefined || (strength >= range[0] && strength <= range[1])) return null;
  return new TillerError("out-of-range", `${field}: ${strength} is outside ${range[0]} to ${range[1]}`, {
    field,
    suggestion: `Choose a strength from ${range[0]} to ${range[1]}, or widen the control's range in the preset.`,
  });
}
