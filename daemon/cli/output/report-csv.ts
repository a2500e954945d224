/** The tables of a report as files of comma-separated values (RFC 4180), with the keys of their columns as the first line. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Block, Report } from "../../protocol/report.ts";
import { writeUserFile } from "./user-file.ts";

type Table = Extract<Block, { type: "table" }>;

/** @returns the files' paths, `folder/<id of the table>.csv` */
export function writeTables({ blocks }: Report, folder: string): string[] {
  const tables = blocks.filter((block) => block.type === "table");
  mkdirSync(folder, { recursive: true });
  return tables.map((table) => {
    const path = join(folder, `${table.id}.csv`);
    writeUserFile(path, Buffer.from(csvOf(table)));
    return path;
  });
}

export function csvOf({ columns, rows }: Table): string {
  const keys = columns.map(({ key }) => key);
  return [keys, ...rows.map((row) => keys.map((key) => row[key]))].map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("");
}

function cellText(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
