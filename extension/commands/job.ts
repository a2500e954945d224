/** What can be done with a job of the list. */
import type { Command } from "./command.ts";
import { idOf } from "./pick-preset.ts";

export const cancelJob: Command = act("tiller.cancelJob", "job.cancel");
export const retryJob: Command = act("tiller.retryJob", "job.retry");

function act(id: string, method: "job.cancel" | "job.retry"): Command {
  return {
    id,
    async run({ keeper }, argument) {
      const job = idOf(argument);
      if (job !== null) await (await keeper.revive()).call(method, { job });
    },
  };
}
