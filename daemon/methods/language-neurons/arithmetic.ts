/** "es - en + 0.3 pt": languages that are called up (+) and put down (−), each with a weight. Pure. */
import { didYouMean } from "../../protocol/similar.ts";

export interface Term {
  readonly code: string;
  /** below 0: put down */
  readonly weight: number;
}

const TERM = /^\s*([+−-])?\s*(\d+(?:\.\d+)?)?\s*[·*]?\s*([a-z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})?)(?=\s|$|[+])/;

/** @returns null for what is no sum of languages, or names one twice */
export function readTerms(text: string): Term[] | null {
  const terms: Term[] = [];
  let rest = text.trim();
  while (rest !== "") {
    const match = TERM.exec(rest);
    if (match === null || (terms.length > 0 && match[1] === undefined)) return null;
    const weight = Number(match[2] ?? 1) * (match[1] === "-" || match[1] === "−" ? -1 : 1);
    terms.push({ code: match[3]!, weight });
    rest = rest.slice(match[0].length).trim();
  }
  const codes = new Set(terms.map(({ code }) => code));
  return terms.length === 0 || codes.size !== terms.length ? null : terms;
}

/** What is said of a language that an artifact does not have. */
export function unknownLanguage(code: string, codes: readonly string[]): string {
  return `'${code}' is none of its languages; ${didYouMean(code, codes)}it has ${codes.join(", ")}`;
}
