/** Objects: the properties in the order of the schema, each optional one written or left out, then those of free names. */
import { Unsupported } from "../../protocol/rules/automaton.ts";
import { ANY, type Form, type ObjectAlt } from "./form.ts";
import { literal, type Rules } from "./gbnf.ts";
import { propertyOf } from "./intersect.ts";

/** What writes the rules of the forms inside. */
export interface Writer {
  readonly rules: Rules;
  readonly space: string;
  form(form: Form, hint: string): string | null;
  name(taken: readonly string[]): string;
}

interface Property {
  readonly pair: string;
  readonly required: boolean;
}

/**
 * JSON Schema allows further properties where nothing forbids them. A model that may go on adding properties does, so an object
 * that names some has those only, unless `additionalProperties` says otherwise. It is free where it names none.
 */
function restOf({ rest, properties, required }: ObjectAlt): Form | null {
  if (rest !== null) return rest;
  return properties.size === 0 && required.size === 0 ? ANY : null;
}

export function objectBody(alt: ObjectAlt, writer: Writer, hint: string): string {
  const { space } = writer;
  const names = [...new Set([...alt.properties.keys(), ...alt.required])];
  const properties = names.flatMap((name): Property[] => {
    const value = writer.form(propertyOf(alt, name), name);
    const required = alt.required.has(name);
    return value === null ? [] : [{ pair: `${literal(JSON.stringify(name))} ${space} ":" ${space} ${value}`, required }];
  });
  const free = restOf(alt);
  const value = free === null ? null : writer.form(free, `${hint}-value`);
  const pair = value === null ? null : writer.rules.of(`${writer.name(names)} ${space} ":" ${space} ${value}`, `${hint}-pair`);
  // A name that is written twice counts once for whoever reads it, and no grammar knows which names were written.
  if (pair !== null && alt.min > alt.required.size + 1)
    throw new Unsupported(
      `asks for ${alt.min} properties, of which the names of ${alt.min - alt.required.size} are free; at most 1 can be counted`,
    );
  const body = new Members(properties, pair, alt, writer, hint).from(0, 0);
  if (body === null) throw new Unsupported("allows no object: the counts of properties and their names contradict each other");
  return `"{" ${space} ${body} ${space} "}"`;
}

class Members {
  readonly #properties: readonly Property[];
  readonly #pair: string | null;
  readonly #alt: ObjectAlt;
  readonly #writer: Writer;
  readonly #hint: string;
  readonly #known = new Map<string, string | null>();

  constructor(properties: readonly Property[], pair: string | null, alt: ObjectAlt, writer: Writer, hint: string) {
    this.#properties = properties;
    this.#pair = pair;
    this.#alt = alt;
    this.#writer = writer;
    this.#hint = hint;
  }

  /** What may follow when the first `index` properties were decided and `written` of them written; null: nothing can. */
  from(index: number, written: number): string | null {
    const { min, max } = this.#alt;
    // beyond these, more of them make no difference
    const counted = Math.min(written, max === Number.POSITIVE_INFINITY ? Math.max(1, min) : max + 1);
    const key = `${index} ${counted}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#rule(index, counted));
    return this.#known.get(key)!;
  }

  #rule(index: number, written: number): string | null {
    const { min, max } = this.#alt;
    if (written > max) return null;
    const { space, rules } = this.#writer;
    const comma = `${space} "," ${space} `;
    const property = this.#properties[index];
    if (property === undefined) return this.#free(min - written, max - written, written > 0, comma);
    const after = this.from(index + 1, written + 1);
    const taken = after === null ? null : `${written > 0 ? comma : ""}${property.pair} ${after}`;
    const left = property.required ? null : this.from(index + 1, written);
    const ways = [taken, left].filter((way) => way !== null);
    return ways.length === 0 ? null : rules.of(ways.map((way) => (way === "" ? '""' : way)).join(" | "), this.#hint);
  }

  #free(min: number, max: number, first: boolean, comma: string): string | null {
    const pair = this.#pair;
    if (pair === null || max <= 0) return min > 0 ? null : '""';
    const { rules } = this.#writer;
    const more = max === Number.POSITIVE_INFINITY ? `(${comma}${pair})*` : `(${comma}${pair}){0,${Math.min(max - 1, 2000)}}`;
    const some = `${first ? comma : ""}${pair} ${more}`;
    return rules.of(min > 0 ? some : `(${some})?`, this.#hint);
  }
}
