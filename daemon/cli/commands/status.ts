/** `tiller status`: whether a daemon runs, and what it does. */
import type { Command } from "commander";
import { lockUrl } from "../../store/lock.ts";
import { action, command } from "../action.ts";
import { CONFIG_CHANGED, configChanged } from "../connection/config-changed.ts";
import { table } from "../output/output.ts";
import { pageUrl } from "../output/page.ts";

interface Options {
  readonly page?: boolean;
}

export function addStatus(program: Command): void {
  command(program, "status", "whether a daemon runs, and what it does")
    .option("--page", "also an address that opens the page, once")
    .action(
      action<Options>(async (session, _args, options) => {
        const running = await session.runningDaemon();
        if (running === null) {
          await session.output.result({ running: false }, () => "No daemon runs. `tiller serve` or `npm start` starts one.");
          return;
        }
        const { lock, client } = running;
        const status = await client.call("daemon.status", {});
        const url = lockUrl(lock);
        const { running: now, queued, ...rest } = status;
        const page = options.page === true ? { page: pageUrl(url, (await client.call("daemon.pageCode", {})).code) } : {};
        const changed = configChanged(session.paths);
        const result = { running: true, url, ...rest, answers: { running: now, queued }, configChanged: changed, ...page };
        await session.output.result(result, () =>
          table([
            ["daemon", `${status.version}, pid ${status.pid}, ${url}`],
            ["up for", `${Math.round(status.uptimeSeconds)} s`],
            ["clients", String(status.clients)],
            ["answers", `${status.running} running, ${status.queued} waiting`],
            ["loaded", status.loaded.join(", ") || "no model"],
            ...status.threads.map((threads) => ["threads", threadsText(threads)]),
            ...(changed ? [["settings", CONFIG_CHANGED]] : []),
            ...(page.page === undefined ? [] : [["page, once", page.page]]),
          ]),
        );
      }),
    );
}

function threadsText({ model, now, idle }: { readonly model: string; readonly now: number; readonly idle: number }): string {
  return `${model}: ${now} of ${idle} threads${now < idle ? ": the machine is busy" : ""}`;
}
