/**
 * Standard figures of answers. chrF as sacreBLEU 2 has it by default (Popović 2015; tests hold its own values): the npm registry has no
 * kept library for it. Exact match and F1 as SQuAD's script reckons them, but articles stay: which words they are differs by language.
 */

const ORDER = 6;
const BETA2 = 4;

/** chrF2 of a sentence, 0 to 1: characters without white space, n-grams of 1 to 6, recall counts twice. Orders that either side lacks are left out. */
export function chrf(answer: string, wanted: string): number {
  const [a, b] = [characters(answer), characters(wanted)];
  let [precision, recall, orders] = [0, 0, 0];
  for (let n = 1; n <= ORDER; n++) {
    const [written, right] = [a.length - n + 1, b.length - n + 1];
    if (written <= 0 || right <= 0) continue;
    const shared = common(grams(a, n), grams(b, n));
    precision += shared / written;
    recall += shared / right;
    orders++;
  }
  if (orders === 0 || precision + recall === 0) return 0;
  const [p, r] = [precision / orders, recall / orders];
  return ((1 + BETA2) * p * r) / (BETA2 * p + r);
}

export function exact(answer: string, wanted: string): number {
  return normalised(answer).join(" ") === normalised(wanted).join(" ") ? 1 : 0;
}

/** Of the words that both have, 0 to 1. */
export function f1(answer: string, wanted: string): number {
  const [a, b] = [normalised(answer), normalised(wanted)];
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 1 : 0;
  return (2 * common(a, b)) / (a.length + b.length);
}

function characters(text: string): string[] {
  return [...text.replace(/\s+/gu, "")];
}

function grams(of: readonly string[], n: number): string[] {
  return Array.from({ length: of.length - n + 1 }, (_, i) => of.slice(i, i + n).join(""));
}

/** As often as both have it. */
function common(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const one of b) left.set(one, (left.get(one) ?? 0) + 1);
  return a.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count > 0;
  }).length;
}

function normalised(text: string): string[] {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/\p{P}+/gu, "")
    .split(/\s+/u)
    .filter((word) => word !== "");
}
