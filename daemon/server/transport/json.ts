/** JSON from outside. */
import { TillerError } from "../../protocol/errors.ts";

/** Of a larger message each step has a turn of the event loop to itself. */
export const LARGE = 1024 * 1024;

/** A schema in a schema takes two levels; beyond this nothing of ours has a use for them, and recursion elsewhere would end. */
const MAX_DEPTH = 256;
/** Values, the names of members not counted: a prompt of 65,536 tokens, and more than 5,000 pairs of chats. */
const MAX_VALUES = 100_000;
/** Members of one object. */
const MAX_MEMBERS = 512;

/**
 * Counted before anything is made of the text: parsing and checking take time by the number of values, and meanwhile nobody else
 * is served. Long strings cost next to nothing.
 * @throws TillerError too-large, or invalid-request when it is no JSON @param what names the text in the error
 */
export function parseJson(text: string, what: string): unknown {
  const problem = measure(text);
  if (problem !== null) throw new TillerError("too-large", `${what}: ${problem}`, { field: what });
  try {
    return JSON.parse(text);
  } catch {
    throw new TillerError("invalid-request", `${what}: not JSON`, { field: what });
  }
}

const DEEP = `nested more than ${MAX_DEPTH} deep`;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** What is too much of it; null when nothing is. Without recursion, and without looking into what is not JSON. */
function measure(text: string): string | null {
  /** members or items so far of each open object (negative: of an array) */
  const open: number[] = [];
  const marks = new Marks(text);
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i + 1, marks);
    else if (code === COMMA) {
      const last = open.length - 1;
      if (last >= 0 && (open[last]! >= 0 ? ++open[last]! : open[last]!) >= MAX_MEMBERS)
        return `an object of more than ${MAX_MEMBERS} members`;
      if (++values > MAX_VALUES) return TOO_MANY;
    } else if (code === 0x7b || code === 0x5b) {
      if (open.length >= MAX_DEPTH) return DEEP;
      open.push(code === 0x7b ? 0 : -1);
      if (++values > MAX_VALUES) return TOO_MANY;
    } else if (code === 0x7d || code === 0x5d) open.pop();
  }
  return null;
}

const TOO_MANY = `more than ${MAX_VALUES} values`;
/** Shorter ones are looked through faster than searched. */
const SHORT = 32;

/** The next quote and backslash of a text from a place on; each is looked for once, so that the whole takes one pass. */
class Marks {
  readonly #text: string;
  #quote = -1;
  #backslash = -1;

  constructor(text: string) {
    this.#text = text;
  }

  quote(from: number): number {
    if (this.#quote < from) this.#quote = this.#next('"', from);
    return this.#quote;
  }

  backslash(from: number): number {
    if (this.#backslash < from) this.#backslash = this.#next("\\", from);
    return this.#backslash;
  }

  #next(mark: string, from: number): number {
    const at = this.#text.indexOf(mark, from);
    return at < 0 ? this.#text.length : at;
  }
}

/** Where the string that began before `from` ends; the text's end when it does not. */
function endOfString(text: string, from: number, marks: Marks): number {
  let looked = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) {
      i++;
      looked = 0;
    } else if (++looked > SHORT) {
      const end = marks.quote(i);
      const next = marks.backslash(i);
      if (next > end) return end;
      i = next - 1;
      looked = 0;
    }
  }
  return text.length;
}

/**
 * Whether an object somewhere in `value` has a key `__proto__`, which JSON.parse keeps and copying into objects loses: what was
 * asked under that name would be left out silently. Without recursion, for the nesting is the sender's choice.
 */
export function hidesKeys(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (Object.hasOwn(next, "__proto__")) return true;
    for (const inner of Object.values(next)) if (typeof inner === "object") waiting.push(inner);
  }
  return false;
}

export const HIDDEN_KEY = "'__proto__' cannot be a name";
