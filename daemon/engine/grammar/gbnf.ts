/** Text of a GBNF grammar: rules that are told apart by what they say, literals, and automata over JSON's strings. */
import type { ReadonlyDFA } from "refa";
import { Unsupported } from "../../protocol/rules/automaton.ts";

/** llama.cpp walks all alternatives of a rule at each token. */
const MAX_RULES = 6000;

export class Rules {
  readonly #bodies = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The name of a rule that says this; the same for the same text. */
  of(body: string, hint: string): string {
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = this.reserve(hint);
    this.#names.set(body, name);
    this.fill(name, body);
    return name;
  }

  /** A name whose rule follows, for rules that refer to themselves. */
  reserve(hint: string): string {
    if (this.#bodies.size >= MAX_RULES) throw new Unsupported(`takes a grammar of more than ${MAX_RULES} rules`);
    const name = `${hint.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 24)}-${this.#bodies.size}`;
    this.#bodies.set(name, "");
    return name;
  }

  fill(name: string, body: string): void {
    this.#bodies.set(name, body);
  }

  text(root: string): string {
    return [`root ::= ${root}`, ...[...this.#bodies].map(([name, body]) => `${name} ::= ${body}`), ""].join("\n");
  }
}

export function literal(text: string): string {
  return `"${Array.from(text, (char) => escaped(char.codePointAt(0)!)).join("")}"`;
}

/** Letters and digits as they are; everything else by its number, so that nothing has a meaning of its own. */
function escaped(code: number): string {
  const char = String.fromCodePoint(code);
  if (/[a-zA-Z0-9_ ]/.test(char)) return char;
  const hex = code.toString(16).toUpperCase();
  if (code < 0x80) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Right-linear: one rule for a state. @param char one character of the ranges, as it is written; "" for none */
export function automatonRules(dfa: ReadonlyDFA, rules: Rules, hint: string, char: (ranges: readonly Range[]) => string): string {
  const alive = living(dfa);
  const names = new Map([...alive].map((node) => [node, rules.reserve(hint)]));
  for (const [node, name] of names) {
    const targets = new Map<string, Range[]>();
    for (const [range, next] of node.out) {
      const to = names.get(next);
      if (to !== undefined) targets.set(to, [...(targets.get(to) ?? []), range]);
    }
    const steps = [...targets].flatMap(([to, ranges]) => {
      const chars = char(ranges);
      return chars === "" ? [] : [`${chars} ${to}`];
    });
    rules.fill(name, [...steps, ...(dfa.finals.has(node) ? ['""'] : [])].join(" | "));
  }
  return names.get(dfa.initial)!;
}

type Node = ReadonlyDFA["initial"];

/** States from which an end can be reached. */
function living(dfa: ReadonlyDFA): Set<Node> {
  const before = new Map<Node, Node[]>();
  for (const node of dfa.nodes()) for (const next of node.out.values()) before.set(next, [...(before.get(next) ?? []), node]);
  const alive = new Set<Node>();
  const waiting = [...dfa.finals];
  while (waiting.length > 0) {
    const node = waiting.pop()!;
    if (alive.has(node)) continue;
    alive.add(node);
    waiting.push(...(before.get(node) ?? []));
  }
  return alive;
}

export function charClass(ranges: readonly Range[]): string {
  const parts = ranges.map(({ min, max }) => (min === max ? escaped(min) : `${escaped(min)}-${escaped(max)}`));
  return parts.length === 0 ? "" : `[${parts.join("")}]`;
}
