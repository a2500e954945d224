/** The panel of a preset's text, beside it. */
import { commands, Uri, ViewColumn, window } from "vscode";
import { PRESET_LANGUAGE } from "../language/client.ts";
import { PRESET_PANEL } from "../preset-panel/provider.ts";
import type { Command } from "./command.ts";

export const openPanel: Command = {
  id: "tiller.openPanel",
  async run(_tiller, argument) {
    const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
    const shown = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri?.toString());
    if (uri === undefined || (shown !== undefined && shown.document.languageId !== PRESET_LANGUAGE)) return;
    await commands.executeCommand("vscode.openWith", uri, PRESET_PANEL, ViewColumn.Beside);
  },
};
