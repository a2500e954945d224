/** What was typed into a field, as the value that its schema has. Pure. */
import { ContrastPairSchema } from "../../daemon/protocol/artifact.ts";
import type { Field } from "../../daemon/protocol/rules/form.ts";
import { readLayers } from "../../daemon/protocol/rules/layers.ts";
import { idStem } from "../../daemon/protocol/rules/slug.ts";

/** null: nothing, the field is left out */
export type Read = { readonly value: unknown } | { readonly problem: string };

/** @param kind of artifacts whose names are asked for */
export function readText({ widget, required, schema }: Field, text: string, kind: string | null): Read {
  if (text.trim() === "") return required ? { problem: "is needed" } : { value: null };
  switch (widget) {
    case "number":
      return readNumber(schema, text);
    case "layers": {
      const layers = readLayers(text);
      return layers === null ? { problem: "layers are written like 3-6 or 2, 5" } : { value: layers };
    }
    case "texts": {
      const texts = parts(text);
      const least = Number(schema["minItems"] ?? 1);
      return texts.length < least ? { problem: `at least ${least} are needed` } : { value: texts };
    }
    case "pairs":
      return readPairs(text);
    case "artifact-id": {
      const stem = idStem(text, "slider");
      return { value: text.includes("/") ? text.trim() : `${kind ?? "artifact"}/${stem}` };
    }
    case "json":
      return readJson(text);
    default:
      return readWords(schema, text);
  }
}

function readNumber({ minimum, maximum, type }: Field["schema"], text: string): Read {
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: "must be a number" };
  if (type === "integer" && !Number.isInteger(value)) return { problem: "must be a whole number" };
  if (typeof minimum === "number" && value < minimum) return { problem: `must be at least ${minimum}` };
  if (typeof maximum === "number" && value > maximum) return { problem: `must be at most ${maximum}` };
  return { value };
}

function readWords({ maxLength }: Field["schema"], text: string): Read {
  return typeof maxLength === "number" && text.length > maxLength ? { problem: `at most ${maxLength} characters` } : { value: text };
}

/** Lines of JSON as files have them, or `with => without | …` as one types them. */
function readPairs(text: string): Read {
  const pairs = text.trimStart().startsWith("{") ? linesOf(text).map(jsonOf) : parts(text).map(typedPair);
  const checked = pairs.map((pair) => ContrastPairSchema.safeParse(pair));
  const bad = checked.findIndex(({ success }) => !success);
  if (bad >= 0) return { problem: `pair ${bad + 1} needs a text with the property and one without, such as: What joy! => It is fine.` };
  return checked.length < 2 ? { problem: "at least two are needed" } : { value: checked.map(({ data }) => data) };
}

function typedPair(text: string): unknown {
  const [positive, negative] = text.split("=>").map((part) => part.trim());
  return { positive, negative };
}

function parts(text: string): string[] {
  return text
    .split(/\n|\|/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "is not JSON" };
  }
}
