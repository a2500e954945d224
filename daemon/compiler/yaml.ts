/**
 * YAML from anywhere to a plain tree, in time and memory proportional to the text. The `yaml` package composes recursively
 * (a few thousand nested brackets end the process inside V8), compares the keys of a mapping pairwise, and writes collections
 * that stand as keys out again at every level; so depth is measured before composing, and keys are checked here.
 */
import { type CST, type Document, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser, parseDocument, visit } from "yaml";

/** What a preset needs is 5. */
const MAX_DEPTH = 32;
/** Sixty-four controls with every field, each on a line of its own, and as much again. */
const MAX_TOKENS = 5000;
/** Of a text with a mistake in every line the first ones say enough. */
const MAX_PROBLEMS = 50;

export interface YamlProblem {
  readonly message: string;
  readonly offset: number;
}

export interface Yaml {
  readonly document: Document;
  readonly problems: readonly YamlProblem[];
  /** 1-based */
  position(offset: number): { line: number; column: number };
}

export function readYaml(text: string): Yaml {
  const counter = new LineCounter();
  const position = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (tooMany(text))
    return { document: parseDocument(""), problems: [{ message: `has more than ${MAX_TOKENS} parts`, offset: 0 }], position };
  const deep = tooDeep(text);
  const document = parseDocument(deep === null ? text : "", { lineCounter: counter, strict: true, uniqueKeys: false, prettyErrors: false });
  if (deep !== null) {
    for (let at = text.indexOf("\n"); at >= 0 && at < deep; at = text.indexOf("\n", at + 1)) counter.addNewLine(at + 1);
    return { document, problems: [{ message: `nested more than ${MAX_DEPTH} deep`, offset: deep }], position };
  }
  const errors = document.errors.map((error) => ({ message: error.message.slice(0, 300), offset: error.pos[0] }));
  const found = errors.length > 0 ? errors : [...aliases(document), ...badKeys(document.contents)];
  return { document, problems: found.slice(0, MAX_PROBLEMS), position };
}

/** Stops at the first token too many, so that it takes no longer than a text of the limit's size. */
function tooMany(text: string): boolean {
  let tokens = 0;
  for (const _ of new Lexer().lex(text)) if (++tokens > MAX_TOKENS) return true;
  return false;
}

/** Where the nesting passes the limit, null when it never does. Without recursion. */
function tooDeep(text: string): number | null {
  const waiting: { token: CST.Token; depth: number }[] = [];
  for (const token of new Parser().parse(text)) waiting.push({ token, depth: 0 });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if ("value" in token && token.type === "document" && token.value !== undefined) waiting.push({ token: token.value, depth: depth + 1 });
    if (!("items" in token)) continue;
    for (const item of token.items) {
      if (item.key != null) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value !== undefined) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return null;
}

/** They make a tree of exponential size of a short text. */
function aliases(document: Document): YamlProblem[] {
  const found: YamlProblem[] = [];
  visit(document, {
    Alias: (_, { range, source }) =>
      void found.push({ message: `aliases are not allowed; write the value of '*${source.slice(0, 80)}' out`, offset: range?.[0] ?? 0 }),
  });
  return found;
}

/** Keys that are given twice, are no plain names, or would vanish in a JavaScript object. */
function badKeys(node: unknown): YamlProblem[] {
  if (isSeq(node)) return node.items.flatMap(badKeys);
  if (!isMap(node)) return [];
  const seen = new Set<string>();
  return node.items.flatMap(({ key, value }): YamlProblem[] => {
    const offset = (key as Node | null)?.range?.[0] ?? node.range?.[0] ?? 0;
    if (!isScalar(key) || key.value === null) return [{ message: "a key must be a plain name", offset }];
    const name = String(key.value);
    if (seen.has(name)) return [{ message: `'${name.slice(0, 80)}' is given twice`, offset }];
    seen.add(name);
    if (name === "__proto__") return [{ message: "'__proto__' cannot be a name", offset }];
    return badKeys(value);
  });
}
