/** Parameters of an experiment from the command line, read as its schema says: files, judges, layers and numbers by their kind. */
import { parse as parseYaml } from "yaml";
import { type Field, fieldsOf, type JsonSchema } from "../../protocol/rules/form.ts";
import { readLayers } from "../../protocol/rules/layers.ts";
import { didYouMean } from "../../protocol/similar.ts";
import { judgeChoice } from "../commands/vector-from.ts";
import { usage } from "../output/failure.ts";
import { readPairs, readTexts } from "./pair-file.ts";
import { readInput } from "./stdin.ts";

const MAX_FILE = 6_500_000;
const MAX_PARAMS = 4_000_000;

type Params = Record<string, unknown>;

/** @param texts `name=value`, or `group.name=value` for a part of a group; of texts in languages `corpora.es=FILE`. @throws ClientError naming the parameter */
export function paramsFrom(schema: JsonSchema, texts: readonly string[], file: string | undefined): Params {
  const params = file === undefined ? {} : fileOf(file);
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) throw usage(`--param ${text}: must look like name=value`, "param");
    set(params, schema, text.slice(0, at).split("."), text.slice(at + 1));
  }
  return params;
}

function fileOf(path: string): Params {
  let value: unknown;
  try {
    value = parseYaml(readInput(path, "params", MAX_PARAMS).toString("utf8"), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof Error && "linePos" in error) throw usage(`${path}: ${error.message.split("\n")[0]}`, "params");
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw usage(`${path}: must hold the parameters by name`, "params");
  return value as Params;
}

function set(params: Params, schema: JsonSchema, path: readonly string[], text: string): void {
  const fields = fieldsOf(schema);
  const [name, ...rest] = path as [string, ...string[]];
  const field = fields.find(({ key }) => key === name);
  if (field === undefined) {
    const names = fields.map(({ key }) => key);
    throw usage(`there is no parameter '${name}'`, name, `${didYouMean(name, names)}There is ${names.join(", ")}.`);
  }
  if (rest.length === 0) params[name] = readValue(field, text);
  else if (field.widget === "corpora") {
    const [language] = rest as [string];
    params[name] = { ...(params[name] as Params | undefined), [language]: readInput(text, name, MAX_FILE).toString("utf8") };
  } else {
    const inner = (params[name] ?? {}) as Params;
    params[name] = inner;
    set(inner, field.schema, rest, text);
  }
}

function readValue({ key, widget, options }: Field, text: string): unknown {
  switch (widget) {
    case "file":
      return readInput(text, key, MAX_FILE).toString("base64");
    case "pairs":
      return readPairs(text);
    case "texts":
      return readTexts(text);
    case "judge":
      return judgeChoice(text);
    case "layers": {
      const layers = readLayers(text);
      if (layers === null) throw usage(`${key}=${text}: layers are written like 3-6 or 2,5`, key);
      return layers;
    }
    case "number":
      if (text.trim() === "" || !Number.isFinite(Number(text))) throw usage(`${key}=${text}: must be a number`, key);
      return Number(text);
    case "boolean":
      if (text !== "true" && text !== "false") throw usage(`${key}=${text}: must be true or false`, key);
      return text === "true";
    case "select":
    case "site":
      if (options.length > 0 && !options.some(([value]) => value === text))
        throw usage(`${key}=${text}: must be one of ${options.map(([value]) => value).join(", ")}`, key);
      return text;
    case "object":
    case "json":
      return parseYaml(text, { maxAliasCount: 0 });
    default:
      return text;
  }
}
