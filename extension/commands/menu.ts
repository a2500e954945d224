/** What the status-bar item opens. */
import { commands, window } from "vscode";
import type { Command } from "./command.ts";

const ENTRIES = [
  { label: "$(comment-discussion) Open the chat", command: "tiller.chat.focus" },
  { label: "$(add) New chat", command: "tiller.newChat" },
  { label: "$(settings) Apply a preset …", command: "tiller.applyPreset" },
  { label: "$(save) Save the sliders as a preset …", command: "tiller.savePreset" },
  { label: "$(beaker) Run an experiment …", command: "tiller.runExperiment" },
  { label: "$(package) Load a model …", command: "tiller.loadModel" },
  { label: "$(debug-restart) Restart the engine", command: "tiller.restartEngine" },
  { label: "$(output) Show the log", command: "tiller.showLog" },
  { label: "$(debug-stop) Stop the daemon", command: "tiller.stopDaemon" },
] as const;
const STOPPED = [
  { label: "$(play) Start the daemon", command: "tiller.startDaemon" },
  ENTRIES.find(({ command }) => command === "tiller.showLog")!,
] as const;

export const menu: Command = {
  id: "tiller.menu",
  async run({ keeper }) {
    const entries = keeper.health === "running" ? ENTRIES : STOPPED;
    const chosen = await window.showQuickPick<(typeof ENTRIES | typeof STOPPED)[number]>(entries, { placeHolder: "Tiller" });
    if (chosen !== undefined) await commands.executeCommand(chosen.command);
  },
};
