/** What can be written here: keys, artifacts, controls, settings of the control's method, layers of the model. */
import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind, TextEdit } from "vscode-languageserver";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { evidenceRange } from "../../daemon/protocol/evidence.ts";
import { SCOPES } from "../../daemon/protocol/preset.ts";
import { idStem } from "../../daemon/protocol/rules/slug.ts";
import { type Cursor, cursorAt } from "../cursor.ts";
import { artifactText, escaped } from "../describe/artifact.ts";
import { type KeyChoice, keysAt } from "../schema.ts";
import type { View } from "../view.ts";
import type { Offer } from "./offer.ts";
import { valuesAt } from "./values.ts";

export function complete(view: View, offset: number): CompletionItem[] {
  const cursor = cursorAt(view.text.text, offset);
  if (cursor === null) return [];
  const offers = cursor.kind === "key" ? keys(view, cursor) : valuesAt(view, cursor);
  const range = view.text.range([cursor.start, cursor.end]);
  return offers.map(({ label, kind, insert = label, detail, help, order = "5" }) => ({
    label,
    kind,
    sortText: `${order}${label}`,
    filterText: label,
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: TextEdit.replace(range, insert),
    ...(detail === undefined ? {} : { detail }),
    ...(help === undefined || help === "" ? {} : { documentation: { kind: MarkupKind.Markdown, value: help } }),
  }));
}

function keys(view: View, cursor: Cursor): Offer[] {
  const [part] = cursor.path;
  const named = cursor.path.length === 1 ? namesAt(view, part!, cursor) : null;
  const offers = named ?? keysAt(view, cursor.path).map((key) => keyOffer(key, cursor));
  return offers.filter(({ label }) => !cursor.beside.includes(label));
}

/** Mappings whose keys are names. null: it is none of them */
function namesAt(view: View, part: string, cursor: Cursor): Offer[] | null {
  const tail = (value: string): string => (cursor.colon ? "" : `: ${value}`);
  switch (part) {
    case "controls":
      return (view.known?.artifacts ?? [])
        .filter((artifact) => isUsable(view, artifact))
        .map((artifact) => controlOffer(view, artifact, cursor));
    case "scope":
      return view.controls.map(({ name }) => ({
        label: name,
        kind: CompletionItemKind.Variable,
        insert: `${name}${tail(`\${1|${SCOPES.join(",")}|}`)}`,
        detail: "where this control acts",
      }));
    case "hold":
      return view.controls.map(({ name, control }) => ({
        label: name,
        kind: CompletionItemKind.Variable,
        insert: `${name}${tail(`{ probe: ${control.use}, at: \${1:0}, by: \${2|floor,ceil|} }`)}`,
        detail: "a reading that is held while this control is on",
      }));
    case "when":
      return (view.known?.artifacts ?? [])
        .filter((artifact) => isUsable(view, artifact))
        .map((artifact) => ({
          label: artifact.id,
          kind: CompletionItemKind.Class,
          insert: `${artifact.id}${tail(`"> \${1:0.5}"`)}`,
          detail: "a gate on this reading",
          help: artifactText(artifact, view.known),
        }));
    default:
      return null;
  }
}

/** A whole control, with the slider as far as the evidence goes. */
function controlOffer(view: View, artifact: ArtifactEntry, { colon, beside }: Cursor): Offer {
  const name = freeName(artifact.id.split("/")[1]!, beside);
  const [receipt] = artifact.receipts;
  const evidence = receipt === undefined ? null : evidenceRange(receipt);
  const range = evidence === null || evidence.low === evidence.high ? "" : `, range: [${evidence.low}, ${evidence.high}]`;
  const insert = `${name}: { use: ${artifact.id}, strength: \${1:${receipt?.best ?? 1}}${range} }`;
  return {
    label: name,
    kind: CompletionItemKind.Variable,
    insert: colon ? name : insert,
    detail: `control from ${artifact.id}`,
    help: artifactText(artifact, view.known),
  };
}

function freeName(stem: string, taken: readonly string[]): string {
  const base = /^[a-zA-Z]/.test(stem) ? stem.replaceAll(/[^a-zA-Z0-9_-]/g, "-").slice(0, 44) : (idStem(stem, "slider") ?? "slider");
  let name = base;
  for (let count = 2; taken.includes(name); count++) name = `${base}-${count}`;
  return name;
}

function isUsable({ model }: View, { problem, model: made }: ArtifactEntry): boolean {
  return problem === null && (model === null || made.fingerprint === null || made.fingerprint === model.fingerprint);
}

function keyOffer({ name, help, required, form, values }: KeyChoice, { colon, flow, path }: Cursor): Offer {
  const indent = "  ".repeat(path.length + 1);
  const value =
    form === "map"
      ? flow
        ? " { $1 }"
        : `\n${indent}$1`
      : form === "list"
        ? " [$1]"
        : values.length > 0
          ? ` \${1|${values.join(",")}|}`
          : " $1";
  return {
    label: name,
    kind: CompletionItemKind.Property,
    insert: colon ? name : `${name}:${value}`,
    help: escaped(help),
    order: required ? "0" : "1",
    ...(required ? { detail: "needed" } : {}),
  };
}
