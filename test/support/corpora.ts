/** Reads the shared corpora as the judges' trainers do, for the tests that check a card's figures. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { sharedPath } from "./shared.ts";

/** Lines of an .xz file under the shared data; null when it is not here. */
export function corpusLines(...parts: string[]): string[] | null {
  const path = sharedPath("data", ...parts);
  if (path === null) return null;
  return execFileSync("xzcat", [path], { maxBuffer: 2 ** 30, encoding: "utf8" })
    .trim()
    .split("\n");
}

/** 0 to 19 from a text's letters and digits alone; 0 to 3 are the test split (training/judges/common.py). */
export function fold(text: string): number {
  const plain = [...text.toLowerCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join("");
  return Number.parseInt(createHash("md5").update(plain).digest("hex").slice(0, 8), 16) % 20;
}

export function isTest(text: string): boolean {
  return fold(text) < 4;
}

/** Of ParaDetox the half that is for judges: the md5 of the toxic sentence's UTF-8 as a number is odd (shared/data/MANIFEST.tsv). */
export function isOdd(sentence: string): boolean {
  return (createHash("md5").update(sentence).digest().at(-1)! & 1) === 1;
}

/** Area under the ROC curve by ranks, ties counted half. */
export function auroc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((score, index) => ({ score, positive: positive[index]! })).sort((a, b) => a.score - b.score);
  let rankSum = 0;
  let count = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && order[end]!.score === order[start]!.score) end++;
    for (let index = start; index < end; index++)
      if (order[index]!.positive) {
        rankSum += (start + 1 + end) / 2;
        count++;
      }
    start = end;
  }
  return (rankSum - (count * (count + 1)) / 2) / (count * (order.length - count));
}

/** Mean F1 over labels. @param decided one set of labels per text */
export function macroF1(labels: readonly string[], decided: readonly ReadonlySet<string>[], truth: readonly ReadonlySet<string>[]): number {
  let sum = 0;
  for (const label of labels) {
    let [hits, said, meant] = [0, 0, 0];
    for (const [index, found] of decided.entries()) {
      if (found.has(label)) said++;
      if (truth[index]!.has(label)) meant++;
      if (found.has(label) && truth[index]!.has(label)) hits++;
    }
    sum += said + meant === 0 ? 0 : (2 * hits) / (said + meant);
  }
  return sum / labels.length;
}
