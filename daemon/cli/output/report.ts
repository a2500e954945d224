/** A report on a terminal: prose and tables as they are, charts by their data, graphs by their edges. Pure. */
import type { Block, Report } from "../../protocol/report.ts";
import { table } from "./output.ts";

/** Rows of a chart or a table that are shown; the rest is in --json. */
const ROWS = 40;

export function reportText({ title, blocks }: Report): string {
  return [title, ...blocks.map(blockText)].join("\n\n");
}

function blockText(block: Block): string {
  switch (block.type) {
    case "prose":
      return block.text;
    case "table": {
      const headings = block.columns.map(({ title, unit }) => (unit === undefined ? title : `${title} (${unit})`));
      const rows = block.rows.map((row) => block.columns.map(({ key }) => cellText(row[key])));
      return [block.title, shortened(rows, headings), block.note ?? ""].filter((part) => part !== "").join("\n");
    }
    case "chart": {
      const data = (block.spec["data"] as { values?: readonly Record<string, unknown>[] } | undefined)?.values ?? [];
      const keys = Object.keys(data[0] ?? {});
      const rows = data.map((row) => keys.map((key) => cellText(row[key])));
      return `${block.title}\n${block.description}\n${shortened(rows, keys)}`;
    }
    case "graph":
      return `${block.title}\n${shortened(
        block.edges.map(({ from, to, value }) => [from, to, cellText(value)]),
        ["from", "to", "value"],
      )}`;
    case "samples":
      return `${block.title}\n${block.samples
        .map(({ prompt, plain, steered }) => `> ${prompt}\n  plain:   ${plain ?? "–"}\n  steered: ${steered ?? "–"}`)
        .join("\n")}`;
  }
}

function shortened(rows: string[][], headings: string[]): string {
  const more = rows.length - ROWS;
  return `${table(rows.slice(0, ROWS), headings)}${more > 0 ? `\n… and ${more} more (--json has all)` : ""}`;
}

function cellText(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return value === null || value === undefined ? "" : String(value);
}
