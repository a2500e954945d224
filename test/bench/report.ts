/** Outcomes as a table for the reader and as rows for machines. */
import { round } from "./measure.ts";
import type { Figure, ModelName, Outcome, Row } from "./types.ts";

export interface JsonRow {
  readonly id: string;
  /** the model whose figure this is; for a plain id the one with the worst */
  readonly model: ModelName;
  readonly value: number;
  readonly bar: number;
  readonly better: "higher" | "lower";
  readonly n: number;
  readonly spread: number;
}

export function meets({ better, bar }: Row, value: number): boolean {
  return better === "higher" ? value >= bar : value <= bar;
}

/** The figure that is furthest on the wrong side. */
function worst<T extends { readonly figure: Figure }>({ better }: Row, list: readonly T[]): T | null {
  return list.reduce<T | null>((bad, one) => {
    if (bad === null) return one;
    const worse = better === "higher" ? one.figure.value < bad.figure.value : one.figure.value > bad.figure.value;
    return worse ? one : bad;
  }, null);
}

/** `id` (worst of the models that the bar holds on), `id@model` and `id.part@model`. */
export function jsonRows(rows: readonly Row[], outcomes: readonly Outcome[]): JsonRow[] {
  const out: JsonRow[] = [];
  for (const row of rows) {
    const own = outcomes.filter((outcome) => outcome.row === row && outcome.failure === null);
    const push = (id: string, model: ModelName, { value, n, spread }: Figure): void => {
      out.push({ id, model, value, bar: row.bar, better: row.better, n, spread });
    };
    const perModel = own.flatMap(({ model, figures }) => {
      const bad = worst(
        row,
        figures.map((figure) => ({ figure, model })),
      );
      return bad === null ? [] : [bad];
    });
    const barred = perModel.filter(({ model }) => model !== "embedded");
    const top = worst(row, barred.length > 0 ? barred : perModel);
    if (top !== null) push(row.id, top.model, top.figure);
    for (const { model, figure } of perModel) push(`${row.id}@${model}`, model, figure);
    for (const { model, figures } of own)
      for (const figure of figures) if (figure.part !== undefined) push(`${row.id}[${figure.part}]@${model}`, model, figure);
  }
  return out;
}

const HEAD = ["row", "model", "value", "bar", "", "n", "spread", "measured"] as const;

export function table(rows: readonly Row[], outcomes: readonly Outcome[]): string {
  const lines: string[][] = [[...HEAD]];
  for (const row of rows) {
    for (const { model, figures, failure } of outcomes.filter((outcome) => outcome.row === row)) {
      const bar = `${row.better === "higher" ? "≥" : "≤"} ${row.bar}`;
      if (failure !== null) lines.push([row.id, model, "–", bar, "MISSING", "0", "–", failure]);
      for (const { part, value, n, spread, detail } of figures) {
        const verdict = meets(row, value) ? "pass" : model === "embedded" ? "below (reported only)" : "BELOW";
        const name = part === undefined ? row.id : `${row.id} (${part})`;
        lines.push([name, model, round(value), bar, verdict, String(n), round(spread), detail]);
      }
    }
  }
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
