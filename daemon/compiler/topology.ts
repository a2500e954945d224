/** Ops to the part of a plan that no slider changes, and ops to the amounts of a topology that is known. */
import type { DirectionOp, Gate, Op } from "../protocol/ops.ts";
import type { Numbers, NumbersId, PlanColumn, PlanPlace, PlanTerm, PlanTopology } from "../protocol/plan.ts";
import { siteKey } from "../protocol/sites.ts";
import { columnKey, columnsOf } from "./bank.ts";
import { hashText, numbersId } from "./hash.ts";

/** One control's ops at its strength, none where it is off. */
export interface ControlOps {
  readonly name: string;
  readonly ops: readonly Op[];
}

/** With every place that it touches at any strength. */
export interface WholeControl extends ControlOps {
  readonly footprint: readonly Op[];
}

export interface Topological {
  readonly topology: PlanTopology;
  readonly numbers: ReadonlyMap<NumbersId, Numbers>;
}

/** @param width of a place, see siteKey */
export function topologyOf(controls: readonly WholeControl[], gates: readonly Gate[], width: (place: string) => number): Topological {
  const numbers = new Map<NumbersId, Numbers>();
  const keep = (array: Numbers): NumbersId => {
    const id = numbersId(array);
    numbers.set(id, array);
    return id;
  };
  const all = controls.flatMap(({ ops, footprint }) => [...footprint, ...ops]);
  const columns: PlanColumn[] = [];
  const columnAt = new Map<string, number>();
  for (const [place, ops] of byPlace(all.filter((op): op is DirectionOp => op.kind === "direction"))) {
    const { site, layer } = ops[0]!;
    for (const [key, { id, v, u }] of columnsOf(ops)) {
      columnAt.set(`${place} ${key}`, columns.length);
      columns.push({ site, layer, id, v: keep(v), u: keep(u) });
    }
  }
  const terms = controls.flatMap(({ ops, footprint }) =>
    (ops.length > 0 ? ops : footprint).map((op): PlanTerm => {
      const { site, layer, control, scope } = op;
      const base = { site, layer, control, scope };
      if (op.kind === "prefix") {
        const { kind, rows, values, start } = op;
        return { ...base, kind, rows, values: keep(values), start: start === null ? null : keep(start) };
      }
      if (op.kind === "direction")
        return { ...base, kind: op.kind, mode: op.mode, column: columnAt.get(`${siteKey(op)} ${columnKey(op)}`)! };
      return { ...base, kind: op.kind, mode: op.mode, indices: op.indices === null ? null : keep(op.indices), values: keep(op.values) };
    }),
  );
  const rest = {
    terms,
    places: placesOf(all, width),
    columns,
    gates: gates.map(({ probe: { id, site, layer, vector }, compare, threshold }) => ({
      probe: { id, site, layer, vector: keep(vector) },
      compare,
      threshold,
    })),
  };
  return { topology: { id: hashText(JSON.stringify(rest)), ...rest }, numbers };
}

/** @returns one per term, NaN where its control is off; null when these ops need another topology */
export function amountsOf(topology: PlanTopology, controls: readonly ControlOps[]): Float64Array | null {
  const { terms } = topology;
  const amounts = new Float64Array(terms.length).fill(Number.NaN);
  let at = 0;
  for (const { name, ops } of controls) {
    const first = at;
    while (at < terms.length && terms[at]!.control === name) at++;
    if (ops.length === 0) continue;
    if (ops.length !== at - first) return null;
    for (const [index, op] of ops.entries()) {
      if (!isTerm(op, terms[first + index]!, topology.columns)) return null;
      amounts[first + index] = op.amount;
    }
  }
  return at === terms.length ? amounts : null;
}

function isTerm(op: Op, term: PlanTerm, columns: readonly PlanColumn[]): boolean {
  if (op.layer !== term.layer || op.site !== term.site || op.scope !== term.scope) return false;
  if (op.kind === "prefix")
    return term.kind === op.kind && term.values === numbersId(op.values) && term.start === (op.start === null ? null : numbersId(op.start));
  if (term.kind === "prefix" || op.mode !== term.mode) return false;
  if (op.kind === "direction") return term.kind === op.kind && columns[term.column]!.v === numbersId(op.vector);
  return (
    term.kind === op.kind && term.values === numbersId(op.values) && term.indices === (op.indices === null ? null : numbersId(op.indices))
  );
}

function placesOf(ops: readonly Op[], width: (place: string) => number): PlanPlace[] {
  const places = new Map<string, PlanPlace>();
  for (const op of ops) {
    if (op.kind === "direction") continue;
    const { site, layer } = op;
    // a row of a prefix takes the place of an embedding
    const mode = op.kind === "element" ? op.mode : op.start === null ? "add" : "set";
    const present = places.get(siteKey(op));
    const scale = present?.scale === true || mode !== "add";
    const shift = present?.shift === true || mode !== "scale";
    places.set(siteKey(op), { site, layer, width: width(siteKey(op)), scale, shift });
  }
  return [...places.values()];
}

function byPlace<T extends Op>(ops: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const op of ops) {
    const place = siteKey(op);
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [op]);
    else group.push(op);
  }
  return groups;
}
