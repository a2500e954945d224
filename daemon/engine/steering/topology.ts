/**
 * What the native graph must offer for everything that runs: the union of the needs of all running work, as one native
 * topology, and how one request's edits are written into a profile of it. Pure.
 */
import type { ProbeSpec } from "../../protocol/ops.ts";
import { type SiteAddress, type SiteName, siteKey } from "../../protocol/sites.ts";
import type { NativeProfile, NativeTopology } from "../model/native.ts";
import type { ColumnPlace, ElementPlace, LoweredEdits, LoweredPlan } from "./lowered.ts";

/** What one piece of work needs while it runs. */
export interface Needs {
  readonly element: readonly ElementPlace[];
  readonly columns: readonly ColumnPlace[];
  readonly probes: readonly ProbeSpec[];
  readonly taps: readonly SiteAddress[];
}

export function needsOf(plan: LoweredPlan | null, probes: readonly ProbeSpec[], taps: readonly SiteAddress[]): Needs {
  const gates = plan === null ? [] : plan.gates.map((gate) => gate.probe);
  return { element: plan?.reserve.element ?? [], columns: plan?.reserve.columns ?? [], probes: [...gates, ...probes], taps };
}

interface Bank {
  readonly site: SiteName;
  readonly layer: number;
  /** padded, a power of two */
  readonly rank: number;
  readonly columns: ReadonlyMap<string, { readonly index: number; readonly place: ColumnPlace }>;
}

/** One topology with the look-ups that writing profiles and reading probes need. */
export interface Layout {
  readonly element: ReadonlyMap<string, ElementPlace>;
  readonly banks: ReadonlyMap<string, Bank>;
  readonly probes: ReadonlyMap<string, { readonly index: number; readonly spec: ProbeSpec }>;
  readonly taps: ReadonlyMap<string, SiteAddress>;
  /** readings per row */
  readonly readings: number;
}

export const EMPTY_LAYOUT: Layout = { element: new Map(), banks: new Map(), probes: new Map(), taps: new Map(), readings: 0 };

const probeKeys = new WeakMap<Float32Array, string>();

/** Two probes share a read-out only when their place and their numbers agree, whatever they are called. */
export function probeKey(probe: ProbeSpec): string {
  let hash = probeKeys.get(probe.vector);
  if (hash === undefined) {
    hash = hashFloats(probe.vector);
    probeKeys.set(probe.vector, hash);
  }
  return `${siteKey(probe)} ${hash}`;
}

function hashFloats(values: Float32Array): string {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (const word of bits) {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ (word + a), 0x85ebca6b);
    b ^= b >>> 13;
  }
  return `${values.length}:${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}

/** The smallest layout for these needs. Places keep the order in which they are first needed. */
export function layOut(all: Iterable<Needs>): Layout {
  const element = new Map<string, ElementPlace>();
  const columns = new Map<string, Map<string, ColumnPlace>>();
  const specs = new Map<string, Map<string, ProbeSpec>>();
  const taps = new Map<string, SiteAddress>();
  for (const needs of all) {
    for (const place of needs.element) {
      const known = element.get(siteKey(place));
      if (known !== undefined && covers(known, place)) continue;
      const { site, layer } = place;
      const scale = place.scale || known?.scale === true;
      const shift = place.shift || known?.shift === true;
      element.set(siteKey(place), { site, layer, scale, shift });
    }
    for (const column of needs.columns) at(columns, siteKey(column)).set(column.id, column);
    for (const probe of needs.probes) at(specs, siteKey(probe)).set(probeKey(probe), probe);
    for (const tap of needs.taps) taps.set(siteKey(tap), tap);
  }
  const banks = new Map<string, Bank>();
  for (const [key, list] of columns) {
    const places = [...list.values()];
    const { site, layer } = places[0]!;
    const indexed = new Map(places.map((place, index) => [place.id, { index, place }]));
    banks.set(key, { site, layer, rank: powerOfTwo(places.length), columns: indexed });
  }
  const probes = new Map<string, { index: number; spec: ProbeSpec }>();
  for (const group of specs.values()) for (const [key, spec] of group) probes.set(key, { index: probes.size, spec });
  return { element, banks, probes, taps, readings: probes.size };
}

function at<V>(groups: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const created = new Map<string, V>();
  groups.set(key, created);
  return created;
}

function covers(known: ElementPlace, wanted: ElementPlace): boolean {
  return (known.scale || !wanted.scale) && (known.shift || !wanted.shift);
}

function powerOfTwo(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(count, 1)));
}

/** Whether the layout already offers what is needed. */
export function offers(layout: Layout, needs: Needs): boolean {
  return (
    needs.element.every((place) => {
      const known = layout.element.get(siteKey(place));
      return known !== undefined && covers(known, place);
    }) &&
    needs.columns.every((column) => layout.banks.get(siteKey(column))?.columns.has(column.id) === true) &&
    needs.probes.every((probe) => layout.probes.has(probeKey(probe))) &&
    needs.taps.every((tap) => layout.taps.has(siteKey(tap)))
  );
}

/** Whether `layout` has nothing beyond `exact`, which it is known to offer. */
export function sameSize(layout: Layout, exact: Layout): boolean {
  const columns = (one: Layout): number => [...one.banks.values()].reduce((sum, bank) => sum + bank.columns.size, 0);
  const tables = (one: Layout): number =>
    [...one.element.values()].reduce((sum, place) => sum + (place.scale ? 1 : 0) + (place.shift ? 1 : 0), 0);
  return (
    tables(layout) === tables(exact) &&
    columns(layout) === columns(exact) &&
    layout.readings === exact.readings &&
    layout.taps.size === exact.taps.size
  );
}

export function toNative(layout: Layout): NativeTopology {
  const groups = new Map<string, ProbeSpec[]>();
  for (const { spec } of layout.probes.values()) {
    const group = groups.get(siteKey(spec));
    if (group === undefined) groups.set(siteKey(spec), [spec]);
    else group.push(spec);
  }
  return {
    element: [...layout.element.values()],
    banks: [...layout.banks.values()].map(({ site, layer, rank, columns }) => {
      const places = [...columns.values()].map(({ place }) => place);
      return { site, layer, rank, v: packColumns(places, rank, "v"), u: packColumns(places, rank, "u") };
    }),
    probes: [...groups.values()].map((group) => {
      const { site, layer, vector } = group[0]!;
      const w = new Float32Array(vector.length * group.length);
      group.forEach((spec, index) => {
        w.set(spec.vector, index * vector.length);
      });
      return { site, layer, count: group.length, w };
    }),
    taps: [...layout.taps.values()],
  };
}

function packColumns(places: readonly ColumnPlace[], rank: number, which: "v" | "u"): Float32Array {
  const width = places[0]!.v.length;
  const packed = new Float32Array(width * rank);
  places.forEach((place, index) => {
    packed.set(place[which], index * width);
  });
  return packed;
}

const PARAMS = 6;

/** One profile's rows. Every column and table that the edits use must be in the layout. */
export function profileRows(edits: LoweredEdits, layout: Layout): NativeProfile {
  const banks = new Map<string, { site: SiteName; layer: number; params: Float32Array; rotate: boolean }>();
  for (const column of edits.columns) {
    const key = siteKey(column);
    const bank = layout.banks.get(key)!;
    const row = banks.get(key) ?? { site: column.site, layer: column.layer, params: new Float32Array(bank.rank * PARAMS), rotate: false };
    const { add, gain, floor, ceil } = column;
    row.params.set(
      [add, gain, floor ?? 0, floor === null ? 0 : 1, ceil ?? 0, ceil === null ? 0 : 1],
      bank.columns.get(column.id)!.index * PARAMS,
    );
    row.rotate ||= column.rotate;
    banks.set(key, row);
  }
  return { element: edits.element, banks: [...banks.values()] };
}
