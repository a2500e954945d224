/** Preset text (YAML) to a checked preset, and back. Problems carry line and column, 1-based. */
import { isMap, stringify } from "yaml";
import type * as z from "zod";
import { type Preset, PresetSchema } from "../protocol/preset.ts";
import { nearestSpot, type Spot } from "./locate.ts";
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
    return { problems: [{ message: migrated.problem, field: "tiller", ...at(offsetOf(nearestSpot(document.contents, ["tiller"]))) }] };
  }
  const parsed = PresetSchema.safeParse(migrated.value);
  if (parsed.success) return { preset: parsed.data };
  return {
    problems: parsed.error.issues.flatMap((issue) =>
      sites(issue).map(({ path, message }) => ({
        message,
        field: path.map(String).join("."),
        ...at(offsetOf(nearestSpot(document.contents, path))),
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

/** Where it begins: its key, as a person looks for it. */
export function offsetOf({ key, value }: Spot): number {
  return key?.[0] ?? value?.[0] ?? 0;
}
