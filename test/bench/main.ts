/** `npm run bench`: every speed row of the quality bars on five models, as a table and as JSON. See args.ts for the options. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { defaultThreads } from "../../daemon/engine/model/load.ts";
import { type Options, readOptions, USAGE } from "./args.ts";
import { Models } from "./models.ts";
import { jsonRows, meets, table } from "./report.ts";
import { ROWS } from "./rows/index.ts";
import type { BenchContext, ModelName, Outcome, Row } from "./types.ts";

/** Builds and kept models live here, as caches do. */
function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"];
  const folder = base ? join(base, "tiller-bench") : join(tmpdir(), "tiller-bench");
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function measure(row: Row, context: BenchContext): Promise<Outcome> {
  process.stderr.write(`${row.id} on ${context.model.title} …\n`);
  try {
    return { row, model: context.model.name, figures: await row.run(context), failure: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { row, model: context.model.name, figures: [], failure: message.split("\n").slice(-3).join(" ") };
  }
}

async function run(
  rows: readonly Row[],
  options: Options,
  models: Models,
  threads: number,
  folder: string,
  cache: string,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const name of options.models) {
    const own = rows.filter((row) => row.models?.includes(name) ?? true);
    let context: BenchContext;
    try {
      const note = (line: string): void => void process.stderr.write(`  ${line}\n`);
      const { pairs, effort } = options;
      context = { model: models.get(name), threads, fixed: options.threads !== null, pairs, effort, folder, cache, note };
    } catch (error) {
      outcomes.push(...own.map((row) => ({ row, model: name as ModelName, figures: [], failure: (error as Error).message })));
      continue;
    }
    for (const row of own) outcomes.push(await measure(row, context));
    models.drop(context.model);
  }
  return outcomes;
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(
      process.argv.slice(2),
      ROWS.map((row) => row.id),
    );
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}\n`);
    return 2;
  }
  const threads = options.threads ?? defaultThreads();
  const rows = ROWS.filter((row) => options.only === null || options.only.includes(row.id));
  const cache = cacheFolder();
  const folder = mkdtempSync(join(tmpdir(), "tiller-bench-run-"));
  try {
    const outcomes = await run(rows, options, new Models(options.keep ? cache : folder, options.keep), threads, folder, cache);
    const missing = outcomes.filter((outcome) => outcome.failure !== null);
    const below = outcomes.flatMap(({ row, model, figures }) =>
      model === "embedded" ? [] : figures.filter((figure) => !meets(row, figure.value)),
    );
    process.stdout.write(`${table(rows, outcomes)}\n`);
    process.stdout.write(
      `\n${availableParallelism()} cores, ${threads} compute; ${below.length} figures below their bar, ${missing.length} rows missing.\n`,
    );
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify({ threads, rows: jsonRows(rows, outcomes) }, null, 1)}\n`);
    return missing.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
