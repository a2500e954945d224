/** `tiller experiment …`: what can be found and measured, from the daemon's own list and schemas; a new experiment needs no code here. */
import type { Command } from "commander";
import type { TillerClient } from "../../client/client.ts";
import type { ExperimentEntry } from "../../protocol/api/experiment.ts";
import { fieldsOf } from "../../protocol/rules/form.ts";
import { didYouMean } from "../../protocol/similar.ts";
import { action, command } from "../action.ts";
import { collect } from "../arguments/arguments.ts";
import { paramsFrom } from "../arguments/experiment-params.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { orReplace } from "../arguments/replace.ts";
import { startJob } from "../connection/follow-job.ts";
import type { Session } from "../connection/session.ts";
import { EXIT } from "../output/exit.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";
import { reportText } from "../output/report.ts";
import { writeTables } from "../output/report-csv.ts";

interface RunOptions {
  readonly model?: string;
  readonly param?: readonly string[];
  readonly params?: string;
  readonly estimate?: boolean;
  readonly csv?: string;
}

export function addExperiment(program: Command): void {
  const experiment = command(program, "experiment", "experiments: list, show their parameters, run");
  command(experiment, "list", "every experiment, and whether it can run (the default)", { isDefault: true })
    .option("--model <file|id>", "the model that it would run on")
    .action(
      action<{ readonly model?: string }>(async (session, _, { model }) => {
        const client = await session.daemon();
        const asked = model === undefined ? {} : { model: await resolveModel(model, session, client) };
        await session.output.result((await client.call("experiment.list", asked)).experiments, list);
      }),
    );
  command(experiment, "show <id>", "the parameters of one, such as directions/from-words").action(
    action(async (session, [id]) => {
      await session.output.result(await entryOf(await session.daemon(), id!), show);
    }),
  );
  command(experiment, "run <id>", "run one to its end")
    .option("--param <name=value>", "a parameter; may be given many times (files are named by their path)", collect)
    .option("--params <file>", "parameters as YAML or JSON; --param goes before them")
    .option("--model <file|id|uri>", "the model; default: the embedded one")
    .option("--csv <folder>", "write the report's numbers there, each block as a file of comma-separated values")
    .option("--estimate", "say what it would cost, and run nothing")
    .action(action<RunOptions>(run));
}

async function run(session: Session, [id]: readonly string[], options: RunOptions): Promise<number> {
  const client = await session.daemon();
  const entry = await entryOf(client, id!);
  const params = paramsFrom(entry.params, options.param ?? [], options.params);
  const model = options.model === undefined ? {} : { model: await resolveModel(options.model, session, client) };
  if (options.estimate === true) {
    await session.output.result(await client.call("experiment.estimate", { id: id!, params, ...model }), costs);
    return EXIT.ok;
  }
  const { job, client: after } = await orReplace(startJob(session, client, { id: id!, params, ...model }));
  if (job.state === "cancelled") return EXIT.interrupted;
  const report = job.report ? await after.call("report.get", { job: job.id }) : null;
  const files = report === null || options.csv === undefined ? [] : writeTables(report, options.csv);
  await session.output.result({ job, report }, () => {
    const made = job.result === null ? "" : `${job.result} is ${entry.produces.includes("artifact") ? "made" : "measured"}.`;
    const written = files.length === 0 ? "" : `Written: ${files.join(", ")}.`;
    return [made, report === null ? "" : reportText(report, false), written].filter((part) => part !== "").join("\n\n");
  });
  return EXIT.ok;
}

async function entryOf(client: TillerClient, id: string): Promise<ExperimentEntry> {
  const { experiments } = await client.call("experiment.list", {});
  const entry = experiments.find((candidate) => candidate.id === id);
  if (entry !== undefined) return entry;
  const ids = experiments.map((candidate) => candidate.id);
  throw usage(`there is no experiment '${id}'`, "id", `${didYouMean(id, ids)}There is ${ids.join(", ")}.`);
}

function list(experiments: readonly ExperimentEntry[]): string {
  const rows = experiments.map(({ id, title, produces, problem }) => [id, title, produces.join(", "), problem ?? ""]);
  return table(rows, ["experiment", "", "makes", ""]);
}

function show({ id, title, summary, params, needs }: ExperimentEntry): string {
  const rows = fieldsOf(params).map(({ key, help, required, initial, fields }) => [
    key,
    required ? "needed" : initial === undefined ? "" : `default ${JSON.stringify(initial)}`,
    fields.length > 0 ? `${fields.map((field) => `${key}.${field.key}`).join(", ")}: ${help}` : help,
  ]);
  const what = needs.length === 0 ? "" : `\nNeeds: ${needs.join(", ")}.`;
  return `${title}. ${summary}${what}\n\n${table(rows, ["parameter", "", ""])}\n\nRun it: tiller experiment run ${id} --param name=value`;
}

function costs({ tokens, bytes, seconds }: { readonly tokens: number; readonly bytes: number; readonly seconds: number | null }): string {
  const time = seconds === null ? "how long is not known before the model has written something" : `about ${Math.ceil(seconds)} s`;
  return `${Math.round(tokens)} tokens, ${Math.ceil(bytes / 1e6)} MB beside the model; ${time}.`;
}
