/** The numbers of a report as files of comma-separated values, one for each block that has any. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../protocol/report.ts";
import { csvOf, tableOf } from "../../protocol/rules/report.ts";
import { writeUserFile } from "./user-file.ts";

/** @returns the files' paths, `folder/<id of the block>.csv` */
export function writeTables({ blocks }: Report, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return blocks.flatMap((block) => {
    const table = tableOf(block);
    if (table === null) return [];
    const path = join(folder, `${block.id}.csv`);
    writeUserFile(path, Buffer.from(csvOf(table)));
    return [path];
  });
}
