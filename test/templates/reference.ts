/** What llama.cpp's server made of templates and conversations, as hashes: the test compares without building the server. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/shared.ts";

/** Of each template: of each conversation the hash of the prompt, or what the server said in place of one. */
export type Reference = Record<string, Record<string, { text: string; tokens: string | null } | { refused: true }>>;

export const REFERENCE = join(REPOSITORY, "test", "templates", "reference.json");

export function readReference(): Reference {
  return JSON.parse(readFileSync(REFERENCE, "utf8")) as Reference;
}

/** @param tokens of the embedded model; null where the text has a date, which moves tokens from day to day */
export function digest(text: string, tokens: readonly number[]): { text: string; tokens: string | null } {
  const fixed = withoutDates(text);
  return { text: hash(fixed), tokens: fixed === text ? hash(tokens.join()) : null };
}

/** Many templates write today's date. */
function withoutDates(text: string): string {
  const day = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  return [-1, 0, 1].reduce((all, days) => spellings(day(days)).reduce((now, date) => now.replaceAll(date, "<date>"), all), text);
}

function spellings(date: Date): string[] {
  const [weekday, month, dd, yyyy] = date.toString().split(" ") as [string, string, string, string];
  const long = date.toLocaleString("en", { month: "long" });
  const d = String(date.getDate());
  const mm = String(date.getMonth() + 1).padStart(2, "0");
  return [
    ...[`${yyyy}-${mm}-${dd}`, `${dd} ${month} ${yyyy}`, `${month} ${dd} ${yyyy}`, `${long} ${dd}, ${yyyy}`, `${long} ${d}, ${yyyy}`],
    ...[`${dd} ${long} ${yyyy}`, `${dd}/${mm}/${yyyy}`, `${yyyy}/${mm}/${dd}`, `${weekday} ${month} ${dd}`],
  ];
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
