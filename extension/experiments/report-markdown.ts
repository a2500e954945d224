/** A report, or a receipt where there is no report, as Markdown for the editor area. Texts of a model are shown, never rendered. Pure. */
import { beatsControl, evidenceRange, overBound } from "../../daemon/protocol/evidence.ts";
import type { Estimate, Receipt } from "../../daemon/protocol/receipt.ts";
import type { Block, Report } from "../../daemon/protocol/report.ts";

/** Rows of a table that are shown; the report has all. */
const ROWS = 200;

export function reportMarkdown({ title, experiment, model, created, blocks }: Report): string {
  const about = `${escaped(experiment)}${model === null ? "" : ` on ${escaped(model)}`}, ${escaped(created.slice(0, 16).replace("T", " "))}`;
  return [`# ${escaped(title)}`, `_${about}_`, ...blocks.map(blockMarkdown)].join("\n\n").concat("\n");
}

export function receiptMarkdown(receipt: Receipt): string {
  const { artifact, control, judge, prompt, points, plain, model } = receipt;
  const { low, high } = evidenceRange(receipt);
  const rows = points.map((point) => [
    number(point.strength),
    estimate(point.effect),
    point.random === null ? "" : estimate(point.random),
    number(point.damage.bitsPerByte),
    number(point.damage.fluency),
    String(point.n),
    point.strength === 0
      ? ""
      : beatsControl(point, receipt.direction)
        ? "works"
        : (overBound(receipt, point) ?? "not shown beyond random directions"),
  ]);
  const headings = ["strength", "effect [95 %]", "random directions [95 %]", "bits per byte lost", "fluency", "answers", ""];
  return [
    `# ${escaped(control.name)}: ${escaped(receipt.title)}`,
    `\`${artifact.id}\` ${escaped(control.text)}, scope ${control.scope}, on ${escaped(model.architecture)} ${escaped(model.quantisation)}, measured by ${escaped(judge.title)}`,
    `**${escaped(receipt.summary)}**`,
    receipt.less === null ? "" : `At any usable strength it does less than ${number(receipt.less)} beyond random directions.`,
    low === 0 && high === 0 ? "No strength was measured to work." : `The evidence goes from ${number(low)} to ${number(high)}.`,
    tableOf(headings, rows),
    `The unsteered model scores ${number(plain.score)}. Asked in words instead: ${estimate(prompt.effect)} (${prompt.n} answers).`,
    `${receipt.prompts} prompts, ${receipt.seeds} seeds, ${receipt.draws} random directions of the same size; signed \`${receipt.hash.slice(0, 16)}\`.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function blockMarkdown(block: Block): string {
  switch (block.type) {
    case "prose":
      return block.text
        .split(/\n{2,}/)
        .map(escaped)
        .join("\n\n");
    case "table": {
      const headings = block.columns.map(({ title, unit }) => (unit === undefined ? title : `${title} (${unit})`));
      const rows = block.rows.map((row) => block.columns.map(({ key }) => cell(row[key])));
      return [`## ${escaped(block.title)}`, tableOf(headings, rows), escaped(block.note ?? "")].filter((part) => part !== "").join("\n\n");
    }
    case "chart": {
      const data = (block.spec["data"] as { values?: readonly Record<string, unknown>[] } | undefined)?.values ?? [];
      const keys = Object.keys(data[0] ?? {});
      const rows = data.map((row) => keys.map((key) => cell(row[key])));
      return [`## ${escaped(block.title)}`, escaped(block.description), tableOf(keys, rows)].join("\n\n");
    }
    case "graph": {
      const names = new Map(block.nodes.map(({ id, title }) => [id, title]));
      const rows = block.edges.map(({ from, to, value }) => [names.get(from) ?? from, names.get(to) ?? to, cell(value)]);
      return `## ${escaped(block.title)}\n\n${tableOf(["from", "to", "value"], rows)}`;
    }
    case "samples":
      return [
        `## ${escaped(block.title)}`,
        ...block.samples.map(({ prompt, plain, steered, judged }) => {
          const figures = Object.entries(judged).map(([key, value]) => `${key} ${cell(value)}`);
          return [
            `> ${escaped(prompt)}`,
            plain === null ? "" : `Plain:\n\n${fenced(plain)}`,
            steered === null ? "" : `Steered:\n\n${fenced(steered)}`,
            escaped(figures.join(", ")),
          ]
            .filter((part) => part !== "")
            .join("\n\n");
        }),
      ].join("\n\n");
    default:
      return block satisfies never;
  }
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((text) => escaped(text) || " ").join(" | ")} |`;
  const more = rows.length > ROWS ? `\n\n… and ${rows.length - ROWS} more rows` : "";
  return [line(headings), line(headings.map(() => "---")).replaceAll("\\", ""), ...rows.slice(0, ROWS).map(line)].join("\n") + more;
}

function cell(value: unknown): string {
  return typeof value === "number" ? number(value) : value === null || value === undefined ? "" : String(value);
}

function number(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4))).replace("-", "−");
}

function estimate({ value, low, high }: Estimate): string {
  return `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** On one line, without meaning to Markdown or HTML. */
function escaped(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").replaceAll(/[\\`*_{}[\]()#+!<>|~-]/g, "\\$&");
}

/** With a fence that the text cannot end. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
