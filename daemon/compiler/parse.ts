/** Preset text (YAML) to a checked preset, and back. Problems carry line and column, 1-based. */
import { isMap, isScalar, type Node, stringify } from "yaml";
import type * as z from "zod";
import { type Preset, PresetSchema } from "../protocol/preset.ts";
import { migratePreset } from "./migrate.ts";
import { readYaml } from "./yaml.ts";

export interface Problem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** dotted path, "" for the whole document */
  readonly field: string;
}

export type ParsedPreset = { readonly preset: Preset } | { readonly problems: readonly Problem[] };

/** Presets are asked for again and again, and one takes milliseconds to read. */
const KNOWN = 512;
const known = new Map<string, ParsedPreset>();

/** The same text gives the same object, which nobody may change. */
export function parsePreset(text: string): ParsedPreset {
  const parsed = known.get(text) ?? readPreset(text);
  // the one used longest ago first
  known.delete(text);
  known.set(text, parsed);
  if (known.size > KNOWN) known.delete(known.keys().next().value!);
  return parsed;
}

/** Whether `parsePreset` has it at hand: otherwise it takes a while, and a list of many should let others have their turns. */
export function isKnownPreset(text: string): boolean {
  return known.has(text);
}

function readPreset(text: string): ParsedPreset {
  const { document, problems, position: at } = readYaml(text);
  if (problems.length > 0) return { problems: problems.map(({ message, offset }) => ({ message, field: "", ...at(offset) })) };
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  if (!isMap(document.contents))
    return { problems: [{ message: "a preset is a mapping that starts with `tiller: 1`", line: 1, column: 1, field: "" }] };
  const migrated = migratePreset(value);
  if ("problem" in migrated) {
    const node = document.getIn(["tiller"], true);
    return { problems: [{ message: migrated.problem, field: "tiller", ...at(offsetOf(node) ?? 0) }] };
  }
  const parsed = PresetSchema.safeParse(migrated.value);
  if (parsed.success) return { preset: parsed.data };
  return {
    problems: parsed.error.issues.flatMap((issue) =>
      sites(issue).map(({ path, message }) => ({
        message,
        field: path.map(String).join("."),
        ...at(offsetOfPath(document.contents as Node, path) ?? 0),
      })),
    ),
  };
}

/** One line per problem, for errors on a terminal or in a list. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(
      (problem) => `line ${problem.line}, column ${problem.column}: ${problem.field === "" ? "" : `${problem.field}: `}${problem.message}`,
    )
    .join("\n");
}

export function stringifyPreset(preset: Preset): string {
  // an object that stands at two places would be an alias, which the reader refuses
  return stringify(preset, { lineWidth: 120, aliasDuplicateObjects: false });
}

function sites(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path: [...issue.path, key], message: "unknown key" }));
  return [{ path: [...issue.path], message: issue.message }];
}

/** The offset of the key (or value) at `path`, or of its nearest ancestor that exists. */
function offsetOfPath(root: Node, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = root;
  let offset = offsetOf(root);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) return offset;
      offset = offsetOf(pair.key) ?? offset;
      node = pair.value;
    } else if (node !== null && typeof node === "object" && "items" in node && Array.isArray(node.items)) {
      node = node.items[Number(step)];
      offset = offsetOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function offsetOf(node: unknown): number | undefined {
  if (node !== null && typeof node === "object" && "range" in node && Array.isArray(node.range)) return node.range[0] as number;
  return undefined;
}
