/** Sets of neurons by language as charts and tables: where they lie, and how they overlap. Pure. */
import type { Block } from "../../protocol/report.ts";
import { matrixChart, VEGA_LITE } from "../shared/charts.ts";
import { familyOf } from "./languages.ts";
import { byLayer, clustered, jaccard, quarters } from "./sets.ts";

/** Sets of neurons that are numbered through the layers. */
export interface Sets {
  readonly codes: readonly string[];
  /** rising */
  readonly owned: readonly Int32Array[];
  /** layers that have neurons, and how many each has */
  readonly layers: readonly number[];
  readonly widths: readonly number[];
}

export function setsReport({ codes, owned, layers, widths }: Sets): Block[] {
  const counts = owned.map((set) => byLayer(set, widths));
  return [depthChart(codes, counts, layers), overlapChart(codes, owned), familyTable(codes, owned), ownersTable(owned)];
}

/** Of one set: how many neurons, how many of them are of no other language, and where they lie. */
export function setFigures({ owned, widths }: Sets, k: number): Record<string, number> {
  const set = owned[k]!;
  const others = new Set(owned.flatMap((other, i) => (i === k ? [] : [...other])));
  return {
    neurons: set.length,
    alone: set.filter((id) => !others.has(id)).length,
    ...Object.fromEntries(quarters(byLayer(set, widths)).map((share, i) => [`q${i + 1}`, share])),
  };
}

export const FIGURES = [
  { key: "neurons", title: "neurons" },
  { key: "alone", title: "of no other language" },
  ...[1, 2, 3, 4].map((quarter) => ({ key: `q${quarter}`, title: `share in quarter ${quarter} of the depth` })),
];

function depthChart(codes: readonly string[], counts: readonly number[][], layers: readonly number[]): Block {
  return {
    type: "chart",
    id: "depth",
    title: "Neurons by language and layer",
    description: "How many neurons each language owns at each layer.",
    spec: {
      $schema: VEGA_LITE,
      data: { values: codes.flatMap((language, k) => layers.map((layer, at) => ({ language, layer, neurons: counts[k]![at]! }))) },
      mark: "bar",
      encoding: {
        x: { field: "layer", type: "ordinal" },
        y: { field: "neurons", type: "quantitative", title: null },
        row: { field: "language", type: "nominal", sort: [...codes], title: null, header: { labelAngle: 0, labelAlign: "left" } },
        tooltip: [{ field: "language" }, { field: "layer" }, { field: "neurons" }],
      },
      height: 28,
      spacing: 4,
      resolve: { scale: { y: "independent" } },
    },
  };
}

function overlapChart(codes: readonly string[], owned: readonly Int32Array[]): Block {
  const similarity = (a: number, b: number): number => jaccard(owned[a]!, owned[b]!);
  const order = clustered(codes.length, similarity).map((k) => codes[k]!);
  const values = codes.flatMap((a, i) =>
    codes.map((b, j) => ({ a, b, jaccard: similarity(i, j), shared: sharedOf(owned[i]!, owned[j]!) })),
  );
  return matrixChart({
    id: "overlap",
    title: "Shared neurons",
    description: "Jaccard of each two languages' sets, in an order in which similar languages stand together.",
    values,
    ...{ x: "b", y: "a", value: "jaccard", xs: order, ys: order, domain: [0, 1] },
  });
}

function sharedOf(a: Int32Array, b: Int32Array): number {
  const first = new Set(a);
  return b.filter((id) => first.has(id)).length;
}

/** Do related languages share neurons? */
function familyTable(codes: readonly string[], owned: readonly Int32Array[]): Block {
  const pairs = codes.flatMap((a, i) =>
    codes.slice(i + 1).map((b, at) => ({ same: familyOf(a) === familyOf(b), value: jaccard(owned[i]!, owned[i + 1 + at]!) })),
  );
  const rows = [true, false].map((same) => {
    const values = pairs.filter((pair) => pair.same === same).map(({ value }) => value);
    const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    return { pairs: same ? "of one family" : "of two families", count: values.length, jaccard: mean };
  });
  return {
    type: "table",
    id: "families",
    title: "Overlap within and between families",
    columns: [
      { key: "pairs", title: "pairs of languages" },
      { key: "count", title: "pairs" },
      { key: "jaccard", title: "mean Jaccard" },
    ],
    rows,
  };
}

/** How many languages own a neuron. */
function ownersTable(owned: readonly Int32Array[]): Block {
  const times = new Map<number, number>();
  for (const id of owned.flatMap((set) => [...set])) times.set(id, (times.get(id) ?? 0) + 1);
  const owners = [...times.values()];
  const most = Math.max(0, ...owners);
  return {
    type: "table",
    id: "owners",
    title: "Neurons by their number of owners",
    columns: [
      { key: "owners", title: "languages" },
      { key: "neurons", title: "neurons" },
    ],
    rows: Array.from({ length: most }, (_, i) => ({ owners: i + 1, neurons: owners.filter((n) => n === i + 1).length })),
  };
}
