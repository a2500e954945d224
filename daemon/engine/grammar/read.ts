/** JSON Schema (2020-12, and what Pydantic, Zod and OpenAI's clients write) to forms. What no grammar would hold is refused by name. */
import { TillerError } from "../../protocol/errors.ts";
import { Unsupported } from "../../protocol/rules/automaton.ts";
import { isEmpty } from "./empty.ts";
import { type Alternatives, ANY, Form, NONE } from "./form.ts";
import { Intersections, TooMany, union } from "./intersect.ts";
import { KEYWORDS, NOTES, own } from "./keywords.ts";
import { refuse } from "./refuse.ts";

const MAX_DEPTH = 64;

export class SchemaReader {
  readonly #root: unknown;
  readonly #rootPath: string;
  readonly #both = new Intersections();
  readonly #referred = new Map<string, Form>();
  /** what can only be checked when every form is there */
  readonly #checks: (() => void)[] = [];

  constructor(root: unknown, path: string) {
    this.#root = root;
    this.#rootPath = path;
  }

  /** @throws TillerError not-supported, naming the keyword */
  read(): Form {
    const form = this.#form(this.#root, this.#rootPath, 0);
    for (const check of this.#checks) check();
    return form;
  }

  #form(schema: unknown, path: string, depth: number): Form {
    if (schema === true) return ANY;
    if (schema === false) return NONE;
    if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw refuse(path, "must be a schema");
    if (depth > MAX_DEPTH) throw refuse(path, "is nested too deeply");
    const keys = Object.keys(schema).filter((key) => !NOTES.has(key) && !key.startsWith("x-"));
    const unknown = keys.find((key) => !KEYWORDS.has(key));
    if (unknown !== undefined) throw refuse(`${path}.${unknown}`, "is not supported", WHAT_INSTEAD[unknown]);
    const { $ref, allOf, anyOf, oneOf, ...rest } = schema as Record<string, unknown>;
    const list = (value: unknown, key: string): Form[] => {
      if (!Array.isArray(value) || value.length === 0) throw refuse(`${path}.${key}`, "must be a list of schemas");
      return value.map((one, i) => this.#form(one, `${path}.${key}.${i}`, depth + 1));
    };
    const parts: Form[] = [];
    if ($ref !== undefined) parts.push(this.#refer($ref, `${path}.$ref`));
    if (allOf !== undefined) parts.push(...list(allOf, "allOf"));
    if (anyOf !== undefined) parts.push(union(list(anyOf, "anyOf")));
    if (oneOf !== undefined) parts.push(this.#oneOf(list(oneOf, "oneOf"), `${path}.oneOf`));
    const said = keys.some((key) => key in rest);
    if (said) parts.unshift(own(rest, path, (inner, at) => this.#form(inner, at, depth + 1)));
    const form = parts.length === 0 ? ANY : parts.reduce((all, one) => this.#both.of(all, one));
    return form === ANY || form === NONE ? form : located(form, path);
  }

  /** An alternative that shares a value with another would allow what the schema forbids. */
  #oneOf(forms: readonly Form[], path: string): Form {
    this.#checks.push(() => {
      forms.forEach((form, i) => {
        const other = forms.findIndex((one, j) => j < i && !isEmpty(this.#both.of(form, one)));
        if (other >= 0)
          throw refuse(
            `${path}.${i}`,
            `shares values with ${path}.${other}, and exactly one of them must match`,
            "Say anyOf, or give each a constant property of its own.",
          );
      });
    });
    return union(forms);
  }

  #refer(pointer: unknown, path: string): Form {
    if (typeof pointer !== "string" || !pointer.startsWith("#"))
      throw refuse(path, "must point into the schema itself, such as #/$defs/name");
    const known = this.#referred.get(pointer);
    if (known !== undefined) return known;
    const target = this.#at(pointer);
    if (target === undefined) throw refuse(path, `points to ${pointer.slice(0, 80)}, which the schema does not have`);
    let read: Form | undefined;
    const form: Form = new Form(() => {
      read ??= this.#form(target, `${this.#rootPath}${pointer.slice(1).replaceAll("/", ".")}`, 0);
      const expanded = read.expand();
      if (expanded === null) throw refuse(path, "refers to itself and to nothing else");
      return expanded;
    });
    this.#referred.set(pointer, form);
    // read in any case, so that what is wrong in it is told
    this.#checks.push(() => void form.expand());
    return form;
  }

  #at(pointer: string): unknown {
    let value: unknown = this.#root;
    for (const part of pointer.slice(1).split("/").slice(1)) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}

const WHAT_INSTEAD: Readonly<Record<string, string>> = {
  not: "Say what is allowed instead.",
  if: "Say anyOf with each case.",
  uniqueItems: "A grammar cannot remember what was written.",
  patternProperties: "Name the properties, or say additionalProperties.",
};

/** What goes wrong while a form is expanded is told with the place of the schema. */
function located(form: Form, path: string): Form {
  return new Form((): Alternatives => {
    try {
      const expanded = form.expand();
      if (expanded === null) throw new TooMany("refers to itself and to nothing else");
      return expanded;
    } catch (error) {
      if (error instanceof TillerError) throw error;
      if (error instanceof TooMany || error instanceof Unsupported) throw refuse(path, error.message);
      throw error;
    }
  });
}
