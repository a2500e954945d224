/**
 * Unknown keys of a body. They are refused by name, for what nobody reads nobody does; null asks for nothing and is left out. A
 * client that says `lenient` has the others left out, too, and is told their names.
 */
import type * as z from "zod";
import { fromZod } from "../../protocol/errors.ts";

export interface Known<T> {
  readonly data: T;
  /** dotted paths of the keys that were left out, null ones not among them */
  readonly ignored: readonly string[];
}

type Path = readonly PropertyKey[];

/** Each pass may only uncover unknown keys further inside. */
const PASSES = 16;

/** @throws TillerError invalid-params, naming the field */
export function parseKnown<T extends z.ZodType>(schema: T, value: unknown, lenient: boolean): Known<z.output<T>> {
  const ignored: string[] = [];
  let body = value;
  for (let pass = 0; ; pass++) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return { data: parsed.data, ignored };
    const unknown = unknownKeys(parsed.error.issues, []).filter((path) => lenient || at(body, path) === null);
    if (unknown.length === 0 || pass === PASSES) throw fromZod(parsed.error, "invalid-params");
    body = structuredClone(body);
    for (const path of unknown) {
      if (at(body, path) !== null) ignored.push(path.map(String).join("."));
      delete (at(body, path.slice(0, -1)) as Record<PropertyKey, unknown>)[path.at(-1)!];
    }
  }
}

/** A union tells of each of its branches; only one that fails by unknown keys alone is what was meant. */
function unknownKeys(issues: readonly z.core.$ZodIssue[], prefix: Path): PropertyKey[][] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
    if (issue.code !== "invalid_union") return [];
    const meant = issue.errors.find((branch) => branch.length > 0 && branch.every(onlyUnknown));
    return meant === undefined ? [] : unknownKeys(meant, path);
  });
}

function onlyUnknown(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys" || (issue.code === "invalid_union" && issue.errors.some((branch) => branch.every(onlyUnknown)));
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
