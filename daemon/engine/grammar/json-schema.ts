/**
 * JSON Schema to a GBNF grammar. Every text that the grammar lets through is JSON that the schema allows, and every value that it
 * allows has a text that is let through, with its properties in the schema's order and numbers without needless digits; only an
 * object without `additionalProperties` is held to the properties that it names. What cannot be held is refused by name.
 */
import { TillerError } from "../../protocol/errors.ts";
import { Unsupported } from "../../protocol/rules/automaton.ts";
import { Emitter } from "./emit.ts";
import { TooMany } from "./intersect.ts";
import { SchemaReader } from "./read.ts";
import { refuse, SCHEMA_FIELD } from "./refuse.ts";

/** @throws TillerError not-supported, naming the keyword */
export function schemaGrammar(schema: unknown): string {
  try {
    const emitter = new Emitter();
    const root = emitter.form(new SchemaReader(schema, SCHEMA_FIELD).read(), "value");
    if (root === null) throw refuse(SCHEMA_FIELD, "allows no value at all");
    return emitter.rules.text(root);
  } catch (error) {
    if (error instanceof TillerError) throw error;
    if (error instanceof Unsupported || error instanceof TooMany) throw refuse(SCHEMA_FIELD, error.message);
    throw error;
  }
}
