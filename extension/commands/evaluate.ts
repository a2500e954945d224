/** Measures one control of a preset's text as it stands there: the receipt's form, filled with its artifact and settings. */
import { commands, Uri, workspace } from "vscode";
import { parsePreset } from "../../daemon/compiler/parse.ts";
import type { Command } from "./command.ts";

export const evaluate: Command = {
  id: "tiller.evaluate",
  async run(_tiller, argument) {
    const { uri, control } = (argument ?? {}) as { uri?: unknown; control?: unknown };
    if (typeof uri !== "string" || typeof control !== "string") return;
    const parsed = parsePreset((await workspace.openTextDocument(Uri.parse(uri, true))).getText());
    const found = "preset" in parsed && Object.hasOwn(parsed.preset.controls, control) ? parsed.preset : null;
    if (found === null) return;
    const { use, with: own } = found.controls[control]!;
    const scope = found.scope !== undefined && Object.hasOwn(found.scope, control) ? found.scope[control] : undefined;
    const settings = { ...(own === undefined ? {} : { with: own }), ...(scope === undefined ? {} : { scope }) };
    const params = { artifact: use, ...(Object.keys(settings).length === 0 ? {} : { settings }) };
    await commands.executeCommand("tiller.runExperiment", { id: "receipt", params });
  },
};
