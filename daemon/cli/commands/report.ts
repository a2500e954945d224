/** `tiller report …`: what experiments showed, on the terminal and as files. The page shows the same reports with their charts drawn. */
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import type { Job } from "../../protocol/api/library.ts";
import type { Block, Report } from "../../protocol/report.ts";
import { csvOf, tableOf } from "../../protocol/rules/report.ts";
import { didYouMean } from "../../protocol/similar.ts";
import { action, command } from "../action.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";
import { reportText } from "../output/report.ts";

interface ShowOptions {
  readonly data?: boolean;
  readonly block?: string;
}

export function addReport(program: Command): void {
  const report = command(program, "report", "what experiments showed: list, show, csv");
  command(report, "list", "jobs that have a report, newest first (the default)", { isDefault: true }).action(
    action(async (session) => {
      await session.output.result(await withReports(await session.daemon()), list);
    }),
  );
  command(report, "show [job]", "a report (the newest one where no job is named); --json prints it whole")
    .option("--data", "also the rows that its charts and graphs are drawn from")
    .option("--block <id>", "one block of it")
    .action(
      action<ShowOptions>(async (session, [job], { data, block }) => {
        const found = await reportOf(await session.daemon(), job);
        const shown = block === undefined ? found : { ...found, blocks: [blockOf(found, block)] };
        await session.output.result(shown, (value) => reportText(value, data === true || block !== undefined));
      }),
    );
  command(report, "csv <job> [block]", "every number of one block as comma-separated values").action(
    action(async (session, [job, id]) => {
      const found = await reportOf(await session.daemon(), job);
      const numbered = found.blocks.filter((candidate) => tableOf(candidate) !== null);
      if (id === undefined && numbered.length !== 1)
        throw usage(`the report of ${job} has ${numbered.length} blocks with numbers`, "block", `Name one: ${ids(numbered)}.`);
      const rows = tableOf(id === undefined ? numbered[0]! : blockOf(found, id));
      if (rows === null) throw usage(`the block '${id}' is prose`, "block", `Blocks with numbers: ${ids(numbered)}.`);
      if (session.output.json) await session.output.line(JSON.stringify(rows.rows));
      else await session.output.write(csvOf(rows));
    }),
  );
}

async function withReports(client: TillerClient): Promise<Job[]> {
  return (await client.call("job.list", {})).jobs.filter(({ report }) => report);
}

async function reportOf(client: TillerClient, job: string | undefined): Promise<Report> {
  const id = job ?? (await withReports(client))[0]?.id;
  if (id === undefined) throw usage("no job has a report yet", "job", "`tiller experiment list` says which experiments make one.");
  return client.call("report.get", { job: id });
}

function blockOf({ blocks }: Report, id: string): Block {
  const found = blocks.find((block) => block.id === id);
  if (found !== undefined) return found;
  const known = blocks.map((block) => block.id);
  throw usage(`the report has no block '${id}'`, "block", `${didYouMean(id, known)}There is ${ids(blocks)}.`);
}

function ids(blocks: readonly Block[]): string {
  return blocks.map(({ id }) => id).join(", ");
}

function list(jobs: readonly Job[]): string {
  if (jobs.length === 0) return "No job has a report.";
  return table(
    jobs.map(({ id, title, about, ended, created }) => [id, (ended ?? created).slice(0, 16).replace("T", " "), title, about]),
    ["job", "ended", "experiment", "of"],
  );
}
