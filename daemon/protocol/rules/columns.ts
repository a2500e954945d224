/**
 * What direction terms at their amounts make of the columns of a bank: c = vᵀx, x += u·(add + gain·c + relu(floor − c) −
 * relu(c − ceil)). The compiler refuses by it what cannot be combined; the engine fills its rows by it.
 */
import { TillerError } from "../errors.ts";
import type { DirectionTerm, PlanTopology } from "../plan.ts";
import type { Scope } from "../preset.ts";
import { siteKey } from "../sites.ts";

export interface ColumnParams {
  readonly add: number;
  readonly gain: number;
  readonly floor: number | null;
  readonly ceil: number | null;
  /** x is rescaled to the norm that it had */
  readonly rotate: boolean;
}

/** Parts of a text by what may act there: the prompt but its last position; that one, from which the answer's first token is written; the answer. */
export const PHASES = ["prompt", "last", "answer"] as const;
export type Phase = (typeof PHASES)[number];

const SCOPES_AT: Readonly<Record<Phase, readonly Scope[]>> = {
  prompt: ["all", "prompt"],
  last: ["all", "prompt", "writing"],
  answer: ["all", "answer", "writing"],
};

interface On {
  readonly term: DirectionTerm;
  readonly amount: number;
}

export function actsIn(scope: Scope, phase: Phase): boolean {
  return SCOPES_AT[phase].includes(scope);
}

/**
 * Columns that do something, by their index in the topology. Two controls may share a direction only where their order does not
 * matter.
 * @param amounts one per term, NaN where it is off
 * @throws TillerError conflict naming the two controls
 */
export function composeColumns({ terms }: Pick<PlanTopology, "terms">, amounts: Float64Array, phase: Phase): Map<number, ColumnParams> {
  const on: On[] = [];
  terms.forEach((term, index) => {
    const amount = amounts[index]!;
    if (term.kind === "direction" && !Number.isNaN(amount) && actsIn(term.scope, phase)) on.push({ term, amount });
  });
  refuseRotationBeside(on);
  const composed = new Map<number, { params: ColumnParams; control: string }>();
  for (const { term, amount } of on) {
    const next = paramsOf(term.mode, amount);
    const present = composed.get(term.column);
    const together = present === undefined ? next : combine(present.params, next, present.control, term);
    composed.set(term.column, { params: together, control: term.control });
  }
  const columns = new Map<number, ColumnParams>();
  for (const [column, { params }] of composed) if (!isIdentity(params)) columns.set(column, params);
  return columns;
}

/** A rotation rescales the whole vector at its place, which moves what another op there has put on its target. */
function refuseRotationBeside(on: readonly On[]): void {
  const rotations = new Map<string, DirectionTerm>();
  for (const { term, amount } of on)
    if (term.mode === "rotate" && amount !== 0 && !rotations.has(siteKey(term))) rotations.set(siteKey(term), term);
  if (rotations.size === 0) return;
  for (const { term: other } of on) {
    const rotation = other.mode === "rotate" ? undefined : rotations.get(siteKey(other));
    if (rotation === undefined) continue;
    throw new TillerError(
      "conflict",
      `${rotation.control} rotates ${rotation.site} at layer ${rotation.layer}, which would move what ${other.control} (${other.mode}) sets there`,
      { field: `controls.${rotation.control}`, suggestion: "Give them different layers, or turn one of them off." },
    );
  }
}

function paramsOf(mode: DirectionTerm["mode"], amount: number): ColumnParams {
  switch (mode) {
    case "scale":
      return params(0, amount - 1);
    case "set":
      return params(amount, -1);
    case "floor":
      return params(0, 0, amount);
    case "ceil":
      return params(0, 0, null, amount);
    case "rotate":
      return params(amount, 0, null, null, true);
    default:
      mode satisfies never;
      throw new TillerError("internal", "unknown direction mode");
  }
}

function params(add: number, gain: number, floor: number | null = null, ceil: number | null = null, rotate = false): ColumnParams {
  return { add, gain, floor, ceil, rotate };
}

function combine(a: ColumnParams, b: ColumnParams, first: string, term: DirectionTerm): ColumnParams {
  const conflict = (): TillerError =>
    new TillerError(
      "conflict",
      `${first} and ${term.control} both constrain the same direction at ${term.site} layer ${term.layer} in ways that cannot be combined`,
      { field: `controls.${term.control}`, suggestion: "Turn one of them off." },
    );
  if (a.rotate && b.rotate) return { ...a, add: a.add + b.add };
  const pureScale = (column: ColumnParams): boolean => column.add === 0 && column.floor === null && column.ceil === null;
  if (pureScale(a) && pureScale(b)) return { ...a, gain: (a.gain + 1) * (b.gain + 1) - 1 };
  if (a.add !== 0 || b.add !== 0 || a.gain !== 0 || b.gain !== 0) throw conflict();
  const floor = a.floor === null ? b.floor : b.floor === null ? a.floor : Math.max(a.floor, b.floor);
  const ceil = a.ceil === null ? b.ceil : b.ceil === null ? a.ceil : Math.min(a.ceil, b.ceil);
  if (floor !== null && ceil !== null && floor > ceil) throw conflict();
  return { ...a, floor, ceil };
}

/** As float32, which is what the rows hold. */
function isIdentity({ add, gain, floor, ceil }: ColumnParams): boolean {
  return Math.fround(add) === 0 && Math.fround(gain) === 0 && floor === null && ceil === null;
}
