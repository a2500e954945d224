/**
 * Names and where they stand: a control's in its preset and in the evaluation of the same name, an artifact's in every preset of the
 * workspace. What "go to definition", "find references" and "rename" are made of.
 */
import { basename } from "node:path";
import type { DocumentHighlight, Location, WorkspaceEdit } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Span } from "../../daemon/compiler/locate.ts";
import { ControlNameSchema } from "../../daemon/protocol/preset.ts";
import { usesOf } from "../rules/artifacts.ts";
import { type SteerText, textOf } from "../text.ts";
import type { Workspace } from "../workspace.ts";
import { placeAt } from "./place.ts";

export interface Named {
  readonly kind: "control" | "artifact";
  readonly name: string;
  readonly span: Span;
}

/** Mappings whose keys are the preset's controls. */
const PARTS: readonly string[] = ["controls", "scope", "hold"];

/** null: no name stands there */
export function nameAt(text: SteerText, offset: number): Named | null {
  const place = placeAt(text, offset);
  if (place === null) return null;
  const { path, part, span } = place;
  if (part === "key" && path.length === 2 && PARTS.includes(path[0]!)) return { kind: "control", name: path[1]!, span };
  const use = usesOf({ text }).find((one) => one.part === part && one.path.join("\0") === path.join("\0"));
  return use === undefined ? null : { kind: "artifact", name: use.id, span };
}

/** Where a control stands in its own preset, the definition first. */
export function spansOf(text: SteerText, name: string): Span[] {
  return PARTS.flatMap((part) => {
    const key = text.spot([part, name])?.key ?? null;
    return key === null ? [] : [key];
  });
}

export function definition(text: SteerText, offset: number): Location | null {
  const named = nameAt(text, offset);
  const key = named?.kind === "control" ? (text.spot(["controls", named.name])?.key ?? null) : null;
  return key === null ? null : { uri: text.document.uri, range: text.range(key) };
}

export function highlights(text: SteerText, offset: number): DocumentHighlight[] {
  const named = nameAt(text, offset);
  if (named === null) return [];
  return spansIn(text, named).map((span) => ({ range: text.range(span) }));
}

export function references(text: SteerText, offset: number, workspace: Workspace): Location[] {
  const named = nameAt(text, offset);
  if (named === null) return [];
  if (named.kind === "control") return [...locations(text, spansOf(text, named.name)), ...inEvaluations(text, named.name, workspace)];
  return everyPreset(text, workspace).flatMap((other) => locations(other, spansIn(other, named)));
}

/** @returns a sentence: why the name cannot be this one */
export function rename(text: SteerText, offset: number, to: string, workspace: Workspace): WorkspaceEdit | string {
  const named = nameAt(text, offset);
  if (named?.kind !== "control") return "Only the names of controls can be changed here: an artifact's name belongs to the store.";
  const problem = ControlNameSchema.safeParse(to).error?.issues[0];
  if (problem !== undefined) return `A control's name ${problem.message}.`;
  if (to !== named.name && text.spot(["controls", to]) !== null) return `This preset has a control '${to}' already.`;
  const changes: Record<string, { range: Location["range"]; newText: string }[]> = {};
  for (const { uri, range } of references(text, offset, workspace)) {
    changes[uri] ??= [];
    changes[uri].push({ range, newText: to });
  }
  return { changes };
}

function spansIn(text: SteerText, named: Pick<Named, "kind" | "name">): Span[] {
  if (named.kind === "control") return spansOf(text, named.name);
  return usesOf({ text })
    .filter(({ id }) => id === named.name)
    .flatMap(({ path, part }) => {
      const span = text.spot(path)?.[part] ?? null;
      return span === null ? [] : [span];
    });
}

function locations(text: SteerText, spans: readonly Span[]): Location[] {
  return spans.map((span) => ({ uri: text.document.uri, range: text.range(span) }));
}

/** `joyful.eval.yaml` measures `joyful.steer.yaml`, wherever it lies. */
function inEvaluations(text: SteerText, name: string, workspace: Workspace): Location[] {
  const stem = stemOf(text.document.uri);
  return workspace
    .documents("evaluation")
    .filter(({ uri }) => stemOf(uri) === stem)
    .map(textOf)
    .filter((other) => other.value("control") === name)
    .flatMap((other) => locations(other, [other.spot(["control"])!.value!]));
}

function everyPreset(text: SteerText, workspace: Workspace): SteerText[] {
  const others = workspace.documents("preset").filter(({ uri }) => uri !== text.document.uri);
  return [text, ...others.map((document: TextDocument) => textOf(document))];
}

function stemOf(uri: string): string {
  return basename(decodeURIComponent(uri)).replace(/\.(steer|eval)\.ya?ml$/, "");
}
