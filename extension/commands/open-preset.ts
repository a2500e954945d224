/** Opens a preset as text: the user's own as its file, a shipped one as a copy that can be saved anywhere. */
import { Uri, window, workspace } from "vscode";
import { inside } from "../../daemon/store/paths.ts";
import type { Command } from "./command.ts";
import { pickPreset } from "./pick-preset.ts";

export const openPreset: Command = {
  id: "tiller.openPreset",
  async run(tiller, argument) {
    const entry = await pickPreset(tiller, argument, () => true);
    if (entry === null) return;
    if (!entry.shipped) {
      await window.showTextDocument(Uri.file(inside(tiller.paths.presets, `${entry.id}.steer.yaml`)));
      return;
    }
    const { text } = await tiller.keeper.client().call("preset.get", { id: entry.id });
    await window.showTextDocument(await workspace.openTextDocument({ language: "tiller-preset", content: text }));
  },
};
