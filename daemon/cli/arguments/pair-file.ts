/** Pairs and texts that a direction is found from, read from the user's files; each problem names its line. */
import type * as z from "zod";
import { CONTRAST_TEXT_RULE, type ContrastPair, ContrastPairSchema } from "../../protocol/artifact.ts";
import { TillerError } from "../../protocol/errors.ts";
import { usage } from "../output/failure.ts";
import { readInput } from "./stdin.ts";

const MAX_INPUT = 8_000_000;
/** As many as one request may hold. */
export const MAX_PAIRS = 5000;

export function readPairs(path: string): ContrastPair[] {
  const lines = linesOf(path, "pairs");
  checkCount(path, lines.length, "pairs");
  return lines.map(({ text, number }) => pairOf(text, `${path}, line ${number}`, number));
}

export function readTexts(path: string): string[] {
  const lines = linesOf(path, "texts");
  checkCount(path, lines.length, "texts");
  return lines.map(({ text }) => text);
}

interface Line {
  readonly text: string;
  /** from 1 */
  readonly number: number;
}

/** Lines that hold something. Editors on Windows put a byte order mark in front, which is no part of the first line. */
function linesOf(path: string, what: string): Line[] {
  return readInput(path, what, MAX_INPUT)
    .toString("utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => text.trim() !== "");
}

function checkCount(path: string, count: number, what: "pairs" | "texts"): void {
  if (count < 2) throw usage(`${path}: at least 2 ${what} are needed`, what);
  if (count > MAX_PAIRS)
    throw usage(
      `${path}: ${count} ${what} are more than the ${MAX_PAIRS} that a direction is found from`,
      what,
      "A few hundred are enough.",
    );
}

function pairOf(text: string, where: string, line: number): ContrastPair {
  const wrong = (what: string): TillerError =>
    new TillerError("invalid-params", `${where}${what}`, {
      field: "pairs",
      line,
      suggestion: 'Each line is {"positive": "…", "negative": "…"} and nothing else.',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(` is not JSON: ${(error as SyntaxError).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(" is not an object");
  const pair = ContrastPairSchema.safeParse(value);
  if (pair.success) return pair.data;
  throw wrong(`: ${describeIssue(pair.error.issues[0]!, value)}`);
}

function describeIssue(issue: z.core.$ZodIssue, value: object): string {
  if (issue.code === "unrecognized_keys") return `unknown key '${issue.keys[0]}'`;
  const [field] = issue.path.map(String);
  return field !== undefined && !Object.hasOwn(value, field) ? `'${field}' is missing` : `${field ?? "pair"}: ${CONTRAST_TEXT_RULE}`;
}
