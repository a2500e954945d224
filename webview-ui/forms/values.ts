/** What stands in a form, as text by path, and the parameters that it makes. Pure. */
import { JUDGE_HINT, parseJudge } from "../../daemon/protocol/judge-name.ts";
import { type Field, fieldsOf, type JsonSchema } from "../../daemon/protocol/rules/form.ts";
import { idStem } from "../../daemon/protocol/rules/slug.ts";
import { parseLayers } from "../rack/layers.ts";

/** By path, such as `templates.positive`; of a group, the chosen field stands under `@group`. */
export type Values = Readonly<Record<string, string>>;

export interface FormContext {
  /** of ids that a name becomes: `direction` of direction/formal */
  readonly kind: string | null;
}

export type Made = { readonly params: Record<string, unknown> } | { readonly problem: string; readonly path: string };

/** Fields of which one is given; the one that was chosen, else the first that has no other way. */
export function chosenOf(fields: readonly Field[], group: string, values: Values): string {
  const members = fields.filter((field) => field.group === group).map(({ key }) => key);
  const chosen = values[`@${group}`];
  return chosen !== undefined && members.includes(chosen) ? chosen : members.at(-1)!;
}

/** @returns what the schema's owner is sent, or what is missing or wrong in words */
export function paramsOf(schema: JsonSchema, values: Values, context: FormContext): Made {
  return objectOf(fieldsOf(schema), values, context, "");
}

function objectOf(fields: readonly Field[], values: Values, context: FormContext, prefix: string): Made {
  const params: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.group !== null && chosenOf(fields, field.group, values) !== field.key) continue;
    const path = `${prefix}${field.key}`;
    const made = readField({ ...field, required: field.required || field.group !== null }, path, values, context);
    if ("problem" in made) return made;
    if (made.value !== undefined) params[field.key] = made.value;
  }
  return { params };
}

type Value = { readonly value: unknown } | { readonly problem: string; readonly path: string };

function readField(field: Field, path: string, values: Values, context: FormContext): Value {
  const text = values[path] ?? "";
  const problem = (why: string): Value => ({ problem: `${field.title}: ${why}`, path });
  const missing = (): Value => (field.required ? problem("is needed.") : { value: undefined });
  switch (field.widget) {
    case "object": {
      const made = objectOf(field.fields, values, context, `${path}.`);
      return "problem" in made ? made : { value: made.params };
    }
    case "boolean":
      return { value: text === "" ? undefined : text === "true" };
    case "number":
      return text.trim() === "" ? missing() : Number.isFinite(Number(text)) ? { value: Number(text) } : problem("is a number.");
    case "texts": {
      const lines = linesOf(text);
      if (lines.length === 0) return missing();
      const least = Number(field.schema["minItems"] ?? 1);
      return lines.length < least ? problem(`at least ${least} are needed, one a line.`) : { value: lines };
    }
    case "corpora":
      return corporaOf(path, values, missing, problem);
    case "pairs":
      return pairsOf(path, values, missing, problem);
    case "judge": {
      if (text.trim() === "") return missing();
      const judge = parseJudge(text);
      return judge === null ? { problem: JUDGE_HINT, path } : { value: judge };
    }
    case "layers": {
      const layers = parseLayers(text);
      return layers === null ? problem("are written like 3-6 or 2, 5.") : layers === undefined ? missing() : { value: layers };
    }
    case "artifact-id": {
      const stem = idStem(text, "slider");
      if (stem === null) return missing();
      return { value: text.includes("/") ? text.trim() : `${context.kind ?? "artifact"}/${stem}` };
    }
    case "json":
      return jsonOf(text, missing, problem);
    default:
      return text.trim() === "" ? missing() : { value: text };
  }
}

function pairsOf(path: string, values: Values, missing: () => Value, problem: (why: string) => Value): Value {
  const positive = linesOf(values[`${path}.positive`] ?? "");
  const negative = linesOf(values[`${path}.negative`] ?? "");
  if (positive.length + negative.length === 0) return missing();
  if (positive.length !== negative.length)
    return problem(`both sides need as many lines; there are ${positive.length} with and ${negative.length} without.`);
  if (positive.length < 2) return problem("at least two are needed, one a line.");
  return { value: positive.map((text, index) => ({ positive: text, negative: negative[index]! })) };
}

/** Codes of the languages that a form has a text for, or a field for one. */
export function languagesOf(path: string, values: Values): string[] {
  return Object.keys(values)
    .filter((key) => key.startsWith(`${path}.`))
    .map((key) => key.slice(path.length + 1));
}

/** A text in each language, under `path.code`. */
function corporaOf(path: string, values: Values, missing: () => Value, problem: (why: string) => Value): Value {
  const texts = languagesOf(path, values).flatMap((code) => {
    const text = values[`${path}.${code}`]!;
    return text.trim() === "" ? [] : [[code, text] as const];
  });
  if (texts.length === 0) return missing();
  return texts.length < 2 ? problem("at least two languages are needed.") : { value: Object.fromEntries(texts) };
}

function jsonOf(text: string, missing: () => Value, problem: (why: string) => Value): Value {
  if (text.trim() === "") return missing();
  try {
    return { value: JSON.parse(text) };
  } catch {
    return problem("is not JSON.");
  }
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
