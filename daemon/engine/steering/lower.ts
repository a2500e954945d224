/**
 * Topology + amounts → rows. What belongs to the topology is made once when it comes; a moved slider costs a pass over the
 * arrays that act.
 */
import { createHash } from "node:crypto";
import type { ElementTerm, Numbers, NumbersId, PlanTopology, SteeringReport } from "../../protocol/plan.ts";
import { actsIn, composeColumns, type Phase } from "../../protocol/rules/columns.ts";
import { siteKey } from "../../protocol/sites.ts";
import { type AmountedTerm, composeElement } from "./element.ts";
import {
  type LoweredColumn,
  type LoweredEdits,
  type LoweredElement,
  type LoweredGate,
  type LoweredPhase,
  type LoweredPlan,
  PLAIN_EDITS,
  PLAIN_FINGERPRINT,
} from "./lowered.ts";

interface PreparedTerm extends Pick<ElementTerm, "mode" | "scope"> {
  readonly indices: Int32Array | null;
  readonly values: Float32Array;
  /** index of its amount */
  readonly index: number;
}

/** Row i of a prefix at its place: see PrefixOp. */
interface PreparedPrefix {
  readonly key: string;
  readonly rows: number;
  readonly values: Float32Array;
  readonly start: Float32Array | null;
  readonly control: string;
  readonly index: number;
}

interface PreparedPlace extends Pick<ElementTerm, "site" | "layer"> {
  readonly key: string;
  readonly width: number;
  readonly terms: PreparedTerm[];
}

/** A topology with its arrays in place of their names. */
export interface Prepared {
  readonly topology: PlanTopology;
  readonly places: readonly PreparedPlace[];
  /** in the order of the controls */
  readonly prefixes: readonly PreparedPrefix[];
  readonly gates: readonly LoweredGate[];
  readonly reserve: LoweredPlan["reserve"];
  /** whether prompt and answer may differ, and whether the prompt's last position may from the rest of it */
  readonly scoped: boolean;
  readonly writing: boolean;
}

export function prepare(topology: PlanTopology, numbers: ReadonlyMap<NumbersId, Numbers>): Prepared {
  const floats = (id: NumbersId): Float32Array => numbers.get(id) as Float32Array;
  const places = new Map(
    topology.places.map(({ site, layer, width }): [string, PreparedPlace] => {
      const key = siteKey({ site, layer });
      return [key, { site, layer, key, width, terms: [] }];
    }),
  );
  const prefixes: PreparedPrefix[] = [];
  topology.terms.forEach((term, index) => {
    if (term.kind === "prefix") {
      const { rows, control } = term;
      const start = term.start === null ? null : floats(term.start);
      prefixes.push({ key: siteKey(term), rows, values: floats(term.values), start, control, index });
    }
    if (term.kind !== "element") return;
    const { mode, scope } = term;
    const indices = term.indices === null ? null : (numbers.get(term.indices) as Int32Array);
    places.get(siteKey(term))!.terms.push({ mode, scope, indices, values: floats(term.values), index });
  });
  return {
    topology,
    places: [...places.values()],
    prefixes,
    gates: topology.gates.map((gate) => ({ ...gate, probe: { ...gate.probe, vector: floats(gate.probe.vector) } })),
    reserve: {
      element: topology.places.map(({ site, layer, scale, shift }) => ({ site, layer, scale, shift })),
      columns: topology.columns.map((column) => ({ ...column, v: floats(column.v), u: floats(column.u) })),
    },
    scoped: topology.terms.some(({ kind, scope }) => kind !== "prefix" && scope !== "all"),
    writing: topology.terms.some(({ scope }) => scope === "writing"),
  };
}

export function lower(prepared: Prepared, amounts: Float64Array, report: SteeringReport): LoweredPlan {
  const { gates, reserve, scoped, writing } = prepared;
  const phase = (name: Phase): LoweredPhase => phaseOf(editsOf(prepared, amounts, name), gates.length);
  const prompt = phase("prompt");
  const [last, answer] = [writing ? phase("last") : prompt, scoped ? phase("answer") : prompt];
  const prefix = prefixRows(prepared.prefixes, amounts).map((row) => editsOf(prepared, amounts, "prompt", row));
  return { prompt, last, answer, prefix, gates, reserve, report };
}

type RowTerms = ReadonlyMap<string, readonly AmountedTerm[]>;

/** Prefixes stand one behind the other, in the order of their controls. */
function prefixRows(prefixes: readonly PreparedPrefix[], amounts: Float64Array): RowTerms[] {
  const on = prefixes.filter(({ index }) => !Number.isNaN(amounts[index]!));
  return [...new Set(on.map(({ control }) => control))].flatMap((control) => {
    const own = on.filter((one) => one.control === control);
    return Array.from({ length: own[0]!.rows }, (_, row) => new Map(own.map((one) => [one.key, rowTerms(one, row, amounts[one.index]!)])));
  });
}

function rowTerms({ rows, values, start }: PreparedPrefix, row: number, amount: number): AmountedTerm[] {
  const of = (all: Float32Array): Float32Array => all.subarray((row * all.length) / rows, ((row + 1) * all.length) / rows);
  if (start === null) return [{ mode: "add", indices: null, values: of(values), amount }];
  return [
    { mode: "set", indices: null, values: of(values), amount },
    { mode: "add", indices: null, values: of(start), amount: 1 - amount },
  ];
}

/** A rack's gates must all be open: only the last variant (every bit set) carries the edits. */
function phaseOf(edits: LoweredEdits, gates: number): LoweredPhase {
  const count = 2 ** gates;
  return { variants: Array.from({ length: count }, (_, bits) => (bits === count - 1 ? edits : PLAIN_EDITS)) };
}

/** @param row what a row of a prefix puts at places, by siteKey, before all else that acts there */
function editsOf({ topology, places, reserve }: Prepared, amounts: Float64Array, phase: Phase, row: RowTerms = new Map()): LoweredEdits {
  const element: LoweredElement[] = [];
  for (const { site, layer, key, width, terms } of places) {
    const on: AmountedTerm[] = [...(row.get(key) ?? [])];
    for (const { mode, indices, values, scope, index } of terms) {
      const amount = amounts[index]!;
      if (!Number.isNaN(amount) && actsIn(scope, phase)) on.push({ mode, indices, values, amount });
    }
    const rows = on.length === 0 ? null : composeElement(on, width);
    if (rows !== null) element.push({ site, layer, indices: rows.indices, scale: rows.scale, shift: rows.shift });
  }
  const columns: LoweredColumn[] = [];
  if (reserve.columns.length > 0)
    for (const [index, { add, gain, floor, ceil, rotate }] of composeColumns(topology, amounts, phase)) {
      const { site, layer, id, v, u } = reserve.columns[index]!;
      columns.push({ site, layer, id, v, u, add, gain, floor, ceil, rotate });
    }
  return { element, columns, fingerprint: fingerprint(element, columns) };
}

/** Of the rows themselves, so that equal edits have equal ones, whatever sliders made them. */
function fingerprint(element: readonly LoweredElement[], columns: readonly LoweredColumn[]): string {
  if (element.length === 0 && columns.length === 0) return PLAIN_FINGERPRINT;
  const hash = createHash("sha256");
  const add = (array: Float32Array | Int32Array | null): void => {
    hash.update(array === null ? "-" : `${array.length};`);
    if (array !== null) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  };
  for (const [key, { indices, scale, shift }] of sorted(element, siteKey)) {
    hash.update(`e ${key} `);
    add(indices);
    add(scale);
    add(shift);
  }
  for (const [key, { add, gain, floor, ceil, rotate }] of sorted(columns, (column) => `${siteKey(column)} ${column.id}`)) {
    const numbers = [add, gain, floor, ceil].map((value) => (value === null ? null : Math.fround(value)));
    hash.update(`c ${key} ${numbers.join(" ")} ${rotate};`);
  }
  return hash.digest("hex").slice(0, 32);
}

function sorted<T>(list: readonly T[], key: (one: T) => string): [string, T][] {
  return list.map((one): [string, T] => [key(one), one]).sort(([a], [b]) => (a < b ? -1 : 1));
}
