/** Two presets at one seed as a file that can be reviewed: strengths, texts aligned by their tokens, and the neurons that differ most. Pure. */
import type { Answer } from "../../daemon/protocol/api/generate.ts";
import { align } from "../../daemon/protocol/rules/align.ts";
import type { NeuronChange } from "./neurons.ts";

export interface Side {
  readonly name: string;
  readonly answer: Answer;
}

export interface Compared {
  readonly question: string;
  readonly model: string;
  readonly seed: number;
  readonly left: Side;
  readonly right: Side;
  /** null: the model's activations could not be read */
  readonly neurons: readonly NeuronChange[] | null;
}

export function comparedMarkdown({ question, model, seed, left, right, neurons }: Compared): string {
  const { common, first } = align(idsOf(left), idsOf(right));
  const parted = first === null ? "One answer is the beginning of the other." : `They part at token ${first}.`;
  return [
    `# ${escaped(left.name)} and ${escaped(right.name)}`,
    `Model ${escaped(model)}, seed ${seed}.`,
    `> ${escaped(question)}`,
    "## What steered",
    table(["", left.name, right.name], strengths(left, right)),
    "## The answers",
    `${common} of ${left.answer.tokens.length} and ${right.answer.tokens.length} tokens are the same. ${parted} Tokens that only one side has are **bold**.`,
    `### ${escaped(left.name)}`,
    marked(left, right, "left"),
    `### ${escaped(right.name)}`,
    marked(left, right, "right"),
    "## Neurons that differ most",
    neurons === null
      ? "They were not read: this model's activations are not to be had."
      : table(
          ["layer", "neuron", left.name, right.name, "difference"],
          neurons.map(({ layer, index, left: a, right: b }) => [String(layer), String(index), figure(a), figure(b), figure(b - a)]),
        ),
    neurons === null ? "" : "The MLP's hidden values at the question's last token, where both sides have read the same.",
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function idsOf({ answer }: Side): number[] {
  return answer.tokens.map(({ id }) => id);
}

function strengths(left: Side, right: Side): string[][] {
  const names = [...new Set([left, right].flatMap(({ answer }) => answer.steered.controls.map(({ name }) => name)))];
  const of = ({ answer }: Side, name: string): string => {
    const control = answer.steered.controls.find((one) => one.name === name);
    return control === undefined ? "off" : `${figure(control.strength)} ${control.text}`;
  };
  return names.length === 0 ? [["", "not steered", "not steered"]] : names.map((name) => [name, of(left, name), of(right, name)]);
}

/** The text, with what the other side does not have in bold. */
function marked(left: Side, right: Side, which: "left" | "right"): string {
  const own = (which === "left" ? left : right).answer.tokens;
  const only = align(idsOf(left), idsOf(right))[which];
  const runs: { bold: boolean; text: string }[] = [];
  own.forEach(({ text }, index) => {
    const bold = only.has(index);
    const last = runs.at(-1);
    if (last?.bold === bold) last.text += text;
    else runs.push({ bold, text });
  });
  return runs.map(({ bold, text }) => (bold ? emphasised(text) : escaped(text))).join("");
}

/** Markdown's emphasis may not begin or end with a space. */
function emphasised(text: string): string {
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text)!;
  return inner === "" ? escaped(text) : `${escaped(before!)}**${escaped(inner!)}**${escaped(after!)}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => escaped(cell) || " ").join(" | ")} |`;
  return [line(headings), `| ${headings.map(() => "---").join(" | ")} |`, ...rows.map(line)].join("\n");
}

function figure(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

function escaped(text: string): string {
  return text.replaceAll(/\n+/g, " ").replaceAll(/[\\`*_{}[\]()#+!<>|~-]/g, "\\$&");
}
