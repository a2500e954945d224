/** Forms as rules of a grammar. */
import { allBut, automaton, Unsupported } from "../../protocol/rules/automaton.ts";
import { isEmptyAlt, mostItems } from "./empty.ts";
import { type Alt, type ArrayAlt, type Form, type NumberAlt, narrowed, type StringAlt } from "./form.ts";
import { automatonRules, charClass, literal, Rules } from "./gbnf.ts";
import { ANY_CHAR, stringChar } from "./json-text.ts";
import { numberPatterns, PLAIN_INTEGER, PLAIN_NUMBER } from "./numbers.ts";
import { objectBody, type Writer } from "./objects.ts";
import { onlyLength, stringPatterns } from "./strings.ts";

/** llama.cpp's own: one line end and an indent are enough for text that people read, and end where models begin to dawdle. */
const SPACE = `"" | " " | "\\n" [ \\t]{0,20}`;

/** llama.cpp takes no larger repetition. */
const BLOCK = 100;
const LARGEST = 2000;

export class Emitter implements Writer {
  readonly rules = new Rules();
  readonly space = this.rules.of(SPACE, "space");
  readonly #char = this.rules.of(ANY_CHAR, "char");
  readonly #names = new Map<Form, string>();

  /** The rule of a form; null: no value fits. */
  form(form: Form, hint: string): string | null {
    const known = this.#names.get(form);
    if (known !== undefined) return known;
    const alts = narrowed(form.expand() ?? { alts: [], implied: null }).filter((alt) => !isEmptyAlt(alt));
    if (alts.length === 0) return null;
    const name = this.rules.reserve(hint);
    this.#names.set(form, name);
    this.rules.fill(name, [...new Set(alts.map((alt) => this.#alt(alt, hint)))].join(" | "));
    return name;
  }

  #alt(alt: Alt, hint: string): string {
    if (alt.type === "value") return literal(JSON.stringify(alt.value));
    if (alt.type === "null") return '"null"';
    if (alt.type === "boolean") return '"true" | "false"';
    if (alt.type === "number") return this.#number(alt, hint);
    if (alt.type === "string") return this.#string(alt, hint);
    return alt.type === "array" ? this.#array(alt, hint) : objectBody(alt, this, hint);
  }

  #number(alt: NumberAlt, hint: string): string {
    if (alt.low === null && alt.high === null)
      return this.rules.of(alt.integer ? PLAIN_INTEGER : PLAIN_NUMBER, alt.integer ? "integer" : "number");
    return automatonRules(automaton(numberPatterns(alt)), this.rules, hint, charClass);
  }

  #string(alt: StringAlt, hint: string): string {
    if (onlyLength(alt)) return `"\\"" ${this.#length(alt)} "\\""`;
    const inside = automatonRules(automaton(stringPatterns(alt)), this.rules, hint, (ranges) => this.#stringChar(ranges));
    return `"\\"" ${inside} "\\""`;
  }

  #length({ min, max }: StringAlt): string {
    const char = this.#char;
    if (max === Number.POSITIVE_INFINITY) return min === 0 ? `${char}*` : `${char}{${min},}`;
    if (max <= LARGEST) return `${char}{${min},${max}}`;
    const block = this.rules.of(`${char}{${BLOCK}}`, "chars");
    const more = max - min;
    const [blocks, rest] = [Math.floor(more / BLOCK), more % BLOCK];
    const least = min === 0 ? "" : `${char}{${min}} `;
    return `${least}(${block}{0,${blocks - 1}} ${char}{0,${BLOCK}} | ${block}{${blocks}} ${char}{0,${rest}})`;
  }

  /** Any name but these. */
  name(taken: readonly string[]): string {
    if (taken.length === 0) return this.rules.of(`"\\"" ${this.#char}* "\\""`, "name");
    const inside = automatonRules(allBut(taken), this.rules, "other", (ranges) => this.#stringChar(ranges));
    return `"\\"" ${inside} "\\""`;
  }

  #stringChar(ranges: Parameters<typeof stringChar>[0]): string {
    const chars = stringChar(ranges);
    return chars.includes("|") ? this.rules.of(chars, "c") : chars;
  }

  #array(alt: ArrayAlt, hint: string): string {
    const most = mostItems(alt);
    const comma = `${this.space} "," ${this.space}`;
    const fixed = alt.prefix.slice(0, most).map((form, i) => this.form(form, `${hint}-${i}`)!);
    const rest = most > fixed.length ? this.form(alt.rest, `${hint}-item`) : null;
    // from the last place to the first: what may follow when so many are written
    let tail =
      rest === null ? "" : repeat(`(${comma} ${rest})`, Math.max(0, alt.min - Math.max(1, fixed.length)), most - Math.max(1, fixed.length));
    if (fixed.length === 0 && rest !== null) tail = optional(`${rest} ${tail}`, alt.min === 0);
    for (let i = fixed.length - 1; i >= 0; i--) {
      const separator = i === 0 ? "" : `${comma} `;
      tail = optional(this.rules.of(`${separator}${fixed[i]} ${tail}`, hint), alt.min <= i);
    }
    return `"[" ${this.space} ${tail} ${this.space} "]"`;
  }
}

export function repeat(body: string, min: number, max: number): string {
  if (max <= 0) return "";
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? `${body}*` : `${body}{${min},}`;
  if (max > LARGEST) throw new Unsupported(`repeats more than ${LARGEST} times`);
  return `${body}{${min},${max}}`;
}

function optional(body: string, may: boolean): string {
  return may ? `(${body})?` : body;
}
