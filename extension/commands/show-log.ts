import { Uri, window } from "vscode";
import { daemonLog } from "../../daemon/client-node/find-or-start.ts";
import type { Command } from "./command.ts";

export const showLog: Command = {
  id: "tiller.showLog",
  async run({ log }) {
    log.show();
  },
};

export const showDaemonLog: Command = {
  id: "tiller.showDaemonLog",
  async run({ paths }) {
    await window.showTextDocument(Uri.file(daemonLog(paths)));
  },
};
