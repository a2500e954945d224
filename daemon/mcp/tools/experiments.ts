/** Experiments: what can be found and measured, and running one to its end. */
import * as z from "zod";
import { ClientError, type ClientErrorCode } from "../../client/error.ts";
import type { Job } from "../../protocol/api/library.ts";
import { ModelIdSchema } from "../../protocol/api/model.ts";
import { type Calling, tool } from "../tool.ts";

export const listExperiments = tool({
  name: "list_experiments",
  title: "List experiments",
  description:
    "Experiments that find or measure what steers a model: each with the JSON Schema of its parameters, what it makes, and why it cannot run on the model, if so.",
  input: { model: ModelIdSchema.optional() },
  readOnly: true,
  run: ({ model }, { client }) => client.call("experiment.list", model === undefined ? {} : { model }),
});

export const runExperiment = tool({
  name: "run_experiment",
  title: "Run an experiment",
  description:
    "Runs an experiment to its end, with progress; cancelling the call cancels it. Finds a new control, or measures one: it may take minutes. With `estimate` only says what it would cost.",
  input: {
    id: z.string().max(64).describe("see list_experiments"),
    params: z.record(z.string(), z.unknown()).default({}).describe("as the experiment's schema has them"),
    model: ModelIdSchema.optional().describe("left out: the default model"),
    estimate: z.boolean().default(false).describe("say what it would cost, and run nothing"),
  },
  readOnly: false,
  run: async ({ id, params, model, estimate }, calling) => {
    const request = { id, params, ...(model === undefined ? {} : { model }) };
    if (estimate) return calling.client.call("experiment.estimate", request);
    const job = await untilEnded(await calling.client.call("experiment.start", request), calling);
    const made = job.result === null ? null : await calling.client.call("artifact.get", { id: job.result });
    return {
      job: job.id,
      state: job.state,
      result: job.result,
      quality: made?.quality ?? null,
      receipts: made?.receipts.map(({ summary }) => summary) ?? [],
      report: job.report,
    };
  },
});

async function untilEnded(started: Job, { client, signal, progress }: Calling): Promise<Job> {
  let latest = started;
  let wake: () => void = () => undefined;
  const take = (job: Job): void => {
    latest = job;
    wake();
  };
  const cancel = (): void => void client.call("job.cancel", { job: started.id }).then(take, () => undefined);
  const ends = [
    client.on("job.changed", (job) => job.id === started.id && take(job)),
    // what happened while nobody was connected was told to nobody
    client.onState(({ state }) => void (state === "open" && client.call("job.get", { job: started.id }).then(take, () => undefined))),
  ];
  signal.addEventListener("abort", cancel, { once: true });
  try {
    take(await client.call("job.get", { job: started.id }));
    for (;;) {
      const { state, fraction, message, error } = latest;
      if (state === "done" || state === "cancelled") return latest;
      if (state === "failed")
        throw new ClientError((error?.code ?? "engine-failed") as ClientErrorCode, error?.message ?? message, {
          suggestion: error?.suggestion,
        });
      progress(fraction, message);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    for (const end of ends) end();
  }
}
