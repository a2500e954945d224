/** A report on a terminal: prose, tables and samples as they are; the data of charts and graphs where they are asked for. Pure. */
import type { Block, Report } from "../../protocol/report.ts";
import { type BlockTable, cellText, headingOf, tableOf } from "../../protocol/rules/report.ts";
import { table } from "./output.ts";

/** Rows of a table that are shown; `tiller report csv` and --json have all. */
const ROWS = 40;

/** @param data also the rows that charts and graphs are drawn from */
export function reportText({ title, job, blocks }: Pick<Report, "title" | "job" | "blocks">, data: boolean): string {
  const hidden = data ? [] : blocks.filter(({ type }) => type === "chart" || type === "graph");
  const hint =
    hidden.length === 0 ? [] : [`\`tiller report show ${job} --data\` shows the data of ${hidden.map(({ id }) => id).join(", ")}.`];
  return [title, ...blocks.map((block) => blockText(block, data)), ...hint].join("\n\n");
}

function blockText(block: Block, data: boolean): string {
  switch (block.type) {
    case "prose":
      return block.text;
    case "table":
      return lines(block.title, shortened(tableOf(block)!), block.note ?? "");
    case "chart":
      return lines(`${block.title} (chart)`, block.description, data ? shortened(tableOf(block)!) : "");
    case "graph":
      return lines(
        `${block.title} (graph: ${block.nodes.length} nodes, ${block.edges.length} edges)`,
        data ? shortened(tableOf(block)!) : "",
      );
    case "samples":
      return lines(
        block.title,
        ...block.samples.map(({ prompt, plain, steered, judged }) =>
          lines(
            `> ${prompt}`,
            `  plain:   ${plain ?? "–"}`,
            `  steered: ${steered ?? "–"}`,
            ...Object.entries(judged).map(([name, value]) => `  ${name}: ${cellText(value)}`),
          ),
        ),
      );
  }
}

function lines(...parts: string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}

function shortened({ columns, rows }: BlockTable): string {
  const more = rows.length - ROWS;
  const shown = rows.slice(0, ROWS).map((row) => columns.map(({ key }) => cellText(row[key])));
  return lines(table(shown, columns.map(headingOf)), more > 0 ? `… and ${more} more (\`tiller report csv\` has all)` : "");
}
