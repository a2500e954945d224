/** Ends the daemon, for every window and app: asked first when answers or jobs run. */
import { window } from "vscode";
import type { Command } from "./command.ts";

export const stopDaemon: Command = {
  id: "tiller.stopDaemon",
  async run({ keeper }) {
    if (keeper.health === "running") {
      const { running, queued } = await keeper.client().call("daemon.status", {});
      const answers = running + queued;
      if (answers > 0) {
        const stop = "Stop the daemon";
        const message = `The daemon is writing ${answers === 1 ? "an answer" : `${answers} answers`}, here or in another window or app.`;
        if ((await window.showWarningMessage(message, { modal: true }, stop)) !== stop) return;
      }
    }
    await keeper.stop();
  },
};
