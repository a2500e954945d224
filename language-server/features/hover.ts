/** What the word under the cursor is: a key's meaning, an artifact with its source and its receipt. */
import { type Hover, MarkupKind } from "vscode-languageserver";
import type { Span } from "../../daemon/compiler/locate.ts";
import { evidenceRange, readingAt } from "../../daemon/protocol/evidence.ts";
import { artifactText, escaped, evidenceText, receiptText } from "../describe/artifact.ts";
import { formatStrength, signed } from "../describe/figures.ts";
import { artifactOf, usesOf } from "../rules/artifacts.ts";
import { choiceAt } from "../schema.ts";
import type { ControlView, View } from "../view.ts";
import { type Place, placeAt } from "./place.ts";

export function hover(view: View, offset: number): Hover | null {
  const place = placeAt(view.text, offset);
  if (place === null) return null;
  const value = textAt(view, place);
  return value === "" ? null : { contents: { kind: MarkupKind.Markdown, value }, range: view.text.range(place.span as Span) };
}

function textAt(view: View, { path, part }: Place): string {
  const use = usesOf(view).find((one) => one.part === part && one.path.join("\0") === path.join("\0"));
  if (use !== undefined) return useText(view, path, use.id);
  const control = view.controls.find(({ name }) => name === path[1]);
  if (path.length === 2 && part === "key" && control !== undefined && path[0] !== "model") return controlText(view, control);
  if (path[0] === "controls" && path[2] === "strength" && control !== undefined) return strengthText(control);
  const key = choiceAt(view, path);
  if (key === null) return "";
  const written = view.text.spot(path)?.value ?? null;
  const meaning = written === null ? undefined : key.meanings[view.text.text.slice(...written)];
  const choices = Object.entries(key.meanings).map(([word, does]) => `- \`${word}\`: ${escaped(does)}`);
  const text =
    part === "value" && meaning !== undefined
      ? [`\`${path.at(-1)}\`: ${escaped(meaning)}`]
      : [`\`${key.name}\`: ${escaped(key.help)}`, choices.join("\n")];
  return text.filter((line) => line !== "").join("\n\n");
}

function useText(view: View, path: readonly string[], id: string): string {
  const artifact = artifactOf(view, id);
  if (artifact === undefined) return view.known === null ? "" : `There is no artifact \`${id}\`.`;
  const control = path[0] === "controls" ? view.controls.find(({ name }) => name === path[1]) : undefined;
  const evidence = control === undefined ? artifact.receipts.slice(0, 1).map(receiptText).join("") : evidenceText(control);
  return [artifactText(artifact, view.known), evidence].filter((text) => text !== "").join("\n\n---\n\n");
}

function controlText(view: View, control: ControlView): string {
  const { artifact, method, control: written } = control;
  const head = `**${escaped(written.title ?? control.name)}**: ${escaped(written.description ?? artifact?.title ?? written.use)}`;
  const unit = method === undefined ? "" : `1 is ${escaped(method.control.unit)}.`;
  const about = artifact === undefined ? "" : artifactText(artifact, view.known);
  return [head, unit, about, evidenceText(control)].filter((text) => text !== "").join("\n\n");
}

/** Measured there, or between the strengths that were. */
export function strengthText(control: ControlView): string {
  const { receipt, measured, control: written, method } = control;
  const unit = method === undefined ? "" : `1 is ${escaped(method.control.unit)}.`;
  if (receipt === null || !measured) return [unit, evidenceText(control)].filter((text) => text !== "").join("\n\n");
  const reading = readingAt(receipt, written.strength);
  const { low, high } = evidenceRange(receipt);
  const here =
    reading === null
      ? `${formatStrength(written.strength)} lies outside what was measured.`
      : `At ${formatStrength(written.strength)}: ${escaped(receipt.title)} ${signed(reading.effect)} (95 %: ${signed(reading.low)} to ${signed(reading.high)}), held-out text ${signed(reading.bitsPerByte)} bits per byte${reading.measured ? "" : ", between the strengths that were measured"}.`;
  const range =
    low === 0 && high === 0
      ? "No strength was measured to work."
      : `The evidence goes from ${formatStrength(low)} to ${formatStrength(high)}.`;
  return [here, range, unit].filter((text) => text !== "").join("\n\n");
}
