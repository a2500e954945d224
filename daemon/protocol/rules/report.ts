/**
 * Reports as every client reads them: the numbers of each block as one table, as text and as a file. Pure and without zod.
 */
import type { Block } from "../report.ts";
import type { Cell, Row } from "./chart.ts";

/** The numbers behind a block. */
export interface BlockTable {
  readonly title: string;
  /** `unit` is empty where there is none */
  readonly columns: readonly { readonly key: string; readonly title: string; readonly unit: string }[];
  readonly rows: readonly Row[];
}

/** @returns null for prose, which has no numbers */
export function tableOf(block: Block): BlockTable | null {
  switch (block.type) {
    case "prose":
      return null;
    case "table":
      return {
        title: block.title,
        columns: block.columns.map(({ key, title, unit }) => ({ key, title, unit: unit ?? "" })),
        rows: block.rows,
      };
    case "chart": {
      const rows = (block.spec["data"] as { values: Row[] }).values;
      const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return { title: block.title, columns: plain(keys), rows };
    }
    case "graph": {
      const titles = new Map(block.nodes.map(({ id, title }) => [id, title]));
      const rows = block.edges.map(({ from, to, value }) => ({ from: titles.get(from) ?? from, to: titles.get(to) ?? to, value }));
      return { title: block.title, columns: plain(["from", "to", "value"]), rows };
    }
    case "samples": {
      const judged = [...new Set(block.samples.flatMap((sample) => Object.keys(sample.judged)))].map((name) => ({
        key: `judged.${name}`,
        title: name,
        unit: "",
      }));
      const rows = block.samples.map(({ prompt, plain: without, steered, judged: by }) => ({
        prompt,
        plain: without,
        steered,
        ...Object.fromEntries(Object.entries(by).map(([name, value]) => [`judged.${name}`, value])),
      }));
      return { title: block.title, columns: [...plain(["prompt", "plain", "steered"]), ...judged], rows };
    }
  }
}

function plain(keys: readonly string[]): BlockTable["columns"] {
  return keys.map((key) => ({ key, title: key, unit: "" }));
}

export function headingOf({ title, unit }: BlockTable["columns"][number]): string {
  return unit === "" ? title : `${title} (${unit})`;
}

/** A figure as it is read, four digits of it; the files that are saved have all of them. */
export function cellText(value: Cell | undefined): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return value === null || value === undefined ? "" : String(value);
}

/** Comma-separated values after RFC 4180: first the keys of the columns, CRLF, quotes where they are needed. */
export function csvOf({ columns, rows }: BlockTable): string {
  const lines = [columns.map(({ key }) => key), ...rows.map((row) => columns.map(({ key }) => String(row[key] ?? "")))];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
