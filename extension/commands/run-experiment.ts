/**
 * Any experiment of the daemon's list: chosen, its form filled from its schema, run with its progress, and its report shown. What
 * there is comes from the daemon, so a new experiment needs no code here.
 */
import { window } from "vscode";
import type { TillerClient } from "../../daemon/client/client.ts";
import { ClientError } from "../../daemon/client/error.ts";
import type { ExperimentEntry, ExperimentEstimate } from "../../daemon/protocol/api/experiment.ts";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import type { Job } from "../../daemon/protocol/api/library.ts";
import type { Tiller } from "../context.ts";
import { followJob } from "../experiments/follow.ts";
import { fillForm } from "../experiments/form.ts";
import type { Params } from "../experiments/params.ts";
import { receiptMarkdown, reportMarkdown } from "../experiments/report-markdown.ts";
import type { Command } from "./command.ts";
import { idOf } from "./pick-preset.ts";

export const runExperiment: Command = {
  id: "tiller.runExperiment",
  async run(tiller, argument) {
    const client = await tiller.keeper.revive();
    const { experiments } = await client.call("experiment.list", {});
    const wanted = idOf(argument);
    const entry = wanted === null ? await choose(experiments) : experiments.find(({ id }) => id === wanted);
    if (entry === undefined) return;
    await runOne(tiller, client, entry, ((argument as { params?: Params } | undefined)?.params ?? {}) as Params);
  },
};

/** Shows what a job of the list has made: its report, or the receipt of what it measured. */
export const openReport: Command = {
  id: "tiller.openReport",
  async run(tiller, argument) {
    const id = idOf(argument);
    if (id === null) return;
    const client = await tiller.keeper.revive();
    const shown = await show(tiller, client, await client.call("job.get", { job: id }));
    if (!shown) void window.showInformationMessage("This job has left no report.");
  },
};

async function choose(experiments: readonly ExperimentEntry[]): Promise<ExperimentEntry | undefined> {
  const items = experiments.map((entry) => ({
    label: entry.title,
    description: `makes ${entry.produces.join(", ")}`,
    detail: entry.problem ?? entry.summary,
    entry,
  }));
  const options = { title: "Run an experiment", placeHolder: "Experiment", matchOnDescription: true, matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.entry;
}

async function runOne(tiller: Tiller, client: TillerClient, entry: ExperimentEntry, given: Params): Promise<void> {
  const request = await asked(client, entry, given);
  if (request === null) return;
  const job = await followJob(client, await client.call("experiment.start", request));
  if (job === null) return;
  await tiller.lists.refresh();
  tiller.chat.tell({ do: "refresh" });
  const shown = await show(tiller, client, job);
  if (!shown) void window.showInformationMessage(job.result === null ? `${entry.title} is done.` : `${job.result} is made.`);
}

type Request = ParamsIn<"experiment.start">;

/** The form, again and again until the daemon takes what it says. null: the user left it */
async function asked(client: TillerClient, entry: ExperimentEntry, given: Params): Promise<Request | null> {
  const { methods } = await client.call("method.list", {});
  const asking = {
    judges: async () => (await client.call("job.judges", {})).judges,
    artifacts: async () => (await client.call("artifact.list", {})).artifacts.map(({ id }) => id),
    kind: methods.find(({ id }) => id === entry.method)?.kind ?? null,
  };
  for (let params: Params | null = given; ; ) {
    params = await fillForm(entry.title, entry.params, params, asking);
    if (params === null) return null;
    const request = { id: entry.id, params: { ...params } };
    try {
      const cost = await client.call("experiment.estimate", request);
      if (await affordable(entry, cost)) return request;
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === "disconnected") throw error;
      void window.showErrorMessage([error.message, error.detail.suggestion].filter((part) => part !== undefined).join(". "));
    }
  }
}

/** What takes long is asked about first. */
async function affordable(entry: ExperimentEntry, { tokens, seconds }: ExperimentEstimate): Promise<boolean> {
  const long = seconds === null ? tokens > LONG_TOKENS : seconds > LONG_SECONDS;
  if (!long) return true;
  const time =
    seconds === null
      ? `${Math.round(tokens / 1000)} thousand tokens; how long that takes is not known yet`
      : `about ${Math.ceil(seconds / 60)} minutes`;
  const run = "Run";
  const detail = `It takes ${time}. It goes on when this window is closed, and can be cancelled at any time.`;
  return (await window.showInformationMessage(`Run ${entry.title}?`, { modal: true, detail }, run)) === run;
}

const LONG_SECONDS = 120;
const LONG_TOKENS = 100_000;

/** @returns false: there is nothing to show */
async function show({ documents }: Tiller, client: TillerClient, job: Job): Promise<boolean> {
  if (job.report) {
    const report = await client.call("report.get", { job: job.id });
    await documents.show(report.title, job.id, reportMarkdown(report));
    return true;
  }
  if (job.state !== "done" || job.result === null) return false;
  const [receipt] = (await client.call("artifact.get", { id: job.result })).receipts;
  if (receipt === undefined) return false;
  await documents.show(`${receipt.control.name} ${receipt.title}`, receipt.hash.slice(0, 16), receiptMarkdown(receipt));
  return true;
}
