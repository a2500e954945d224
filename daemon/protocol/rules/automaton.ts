/** Regular languages as automata, by the `refa` library: patterns, formats, numbers within bounds, and names that are not taken. */
import { CharSet, DFA, JS, NFA, type ReadonlyDFA, type ReadonlyNFA, TooManyNodesError } from "refa";

/** Beyond so many states a grammar takes longer to follow than a token to compute. */
const MAX_STATES = 3000;
/** Unicode's last; strings are counted and matched in code points. */
const LAST = 0x10ffff;
const ANY_TEXT = "[^]*";

export class Unsupported extends Error {}

/** The bounds of Zod's whole numbers stand in nearly every schema, and each is asked for more than once. */
const known = new Map<string, ReadonlyDFA>();
const MAX_KNOWN = 64;

/** All of `sources` at once: ECMAScript's patterns with the flag `u`, each anywhere in the text unless it is anchored. */
export function automaton(sources: readonly string[]): ReadonlyDFA {
  const key = JSON.stringify(sources);
  const dfa = known.get(key) ?? compiled(sources);
  known.delete(key);
  known.set(key, dfa);
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value!);
  return dfa;
}

function compiled(sources: readonly string[]): ReadonlyDFA {
  try {
    const [first = wholly(ANY_TEXT), ...rest] = sources.map((source) => search(source));
    const both = rest.reduce<ReadonlyNFA>((all, one) => NFA.fromIntersection(all, one, new NFA.LimitedNodeFactory(MAX_STATES)), first);
    return minimal(both);
  } catch (error) {
    if (error instanceof TooManyNodesError) throw new Unsupported("takes a grammar of too many states");
    throw error;
  }
}

/** Every text but these. */
export function allBut(words: readonly string[]): ReadonlyDFA {
  const chars = words.map((word) => Array.from(word, (char) => char.codePointAt(0)!));
  const dfa = DFA.fromWords(chars, { maxCharacter: LAST });
  dfa.complement();
  dfa.minimize();
  return dfa;
}

/** Whether a text is one of an automaton's. */
export function accepts(dfa: ReadonlyDFA, text: string): boolean {
  return dfa.test(Array.from(text, (char) => char.codePointAt(0)!));
}

function minimal(nfa: ReadonlyNFA): DFA {
  const dfa = DFA.fromFA(nfa, new DFA.LimitedNodeFactory(MAX_STATES));
  dfa.minimize();
  return dfa;
}

function wholly(source: string): NFA {
  return search(`^(?:${source})$`);
}

function search(source: string): NFA {
  let parsed: ReturnType<JS.Parser["parse"]>;
  try {
    parsed = JS.Parser.fromLiteral(new RegExp(source, "u")).parse({
      backreferences: "throw",
      assertions: "parse",
      maxNodes: MAX_STATES * 4,
    });
  } catch (error) {
    if (error instanceof TooManyNodesError) throw error;
    throw new Unsupported(`is no pattern that can be followed (${error instanceof Error ? error.message.slice(0, 120) : "unknown"})`);
  }
  const anything = JS.Parser.fromLiteral(new RegExp(ANY_TEXT, "u")).parse().expression.alternatives[0]!.elements;
  for (const alternative of parsed.expression.alternatives) {
    const { elements } = alternative;
    if (isEdge(elements[0], "behind")) elements.shift();
    else elements.unshift(...structuredCopy(anything));
    if (isEdge(elements.at(-1), "ahead")) elements.pop();
    else elements.push(...structuredCopy(anything));
  }
  try {
    return NFA.fromRegex(parsed.expression, { maxCharacter: LAST }, { assertions: "throw" }, new NFA.LimitedNodeFactory(MAX_STATES));
  } catch (error) {
    if (error instanceof TooManyNodesError) throw error;
    throw new Unsupported("has an assertion within it (such as \\b, a lookahead, or ^ and $ inside a group), which no grammar can follow");
  }
}

type Element = ReturnType<JS.Parser["parse"]>["expression"]["alternatives"][number]["elements"][number];

/** `^` or `$`: nothing may stand there. */
function isEdge(element: Element | undefined, kind: "behind" | "ahead"): boolean {
  if (element?.type !== "Assertion" || element.kind !== kind || !element.negate) return false;
  const [only, ...more] = element.alternatives;
  const inner = only?.elements[0];
  return more.length === 0 && only?.elements.length === 1 && inner?.type === "CharacterClass" && inner.characters.equals(CharSet.all(LAST));
}

/** Elements are put into several places of a tree, which each must have its own. */
function structuredCopy(elements: readonly Element[]): Element[] {
  return elements.map((element) =>
    element.type === "Quantifier"
      ? { ...element, alternatives: element.alternatives.map((one) => ({ ...one, elements: structuredCopy(one.elements) })) }
      : { ...element },
  );
}
