/** Charts that several reports have, as Vega-Lite with their data inside. Pure. */
import type { Block } from "../../protocol/report.ts";

export const VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json";

type Row = Readonly<Record<string, string | number | null>>;

interface Matrix {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly values: readonly Row[];
  /** keys of the rows: columns, rows and cells of the matrix, and the panel that each belongs to */
  readonly x: string;
  readonly y: string;
  readonly value: string;
  readonly panel?: string;
  /** in their order */
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  readonly domain?: readonly [number, number];
  readonly titles?: { readonly x: string; readonly y: string };
  /** colours for both signs */
  readonly diverging?: boolean;
}

export function matrixChart({ values, x, y, xs, ys, value, panel, domain, titles, diverging, ...block }: Matrix): Block {
  const cell = 26;
  const scale = { scheme: diverging === true ? "blueorange" : "viridis", ...(domain === undefined ? {} : { domain: [...domain] }) };
  const keys = Object.keys(values[0] ?? {});
  return {
    type: "chart",
    ...block,
    spec: {
      $schema: VEGA_LITE,
      data: { values: [...values] },
      mark: "rect",
      width: cell * xs.length,
      height: cell * ys.length,
      encoding: {
        x: { field: x, type: "nominal", sort: [...xs], title: titles?.x ?? null },
        y: { field: y, type: "nominal", sort: [...ys], title: titles?.y ?? null },
        color: { field: value, type: "quantitative", title: value, scale: diverging === true ? { ...scale, domainMid: 0 } : scale },
        ...(panel === undefined ? {} : { facet: { field: panel, type: "nominal", columns: 2, title: null, sort: null } }),
        tooltip: keys.map((field) => ({ field, ...(typeof values[0]?.[field] === "number" ? { format: ".3f" } : {}) })),
      },
    },
  };
}
