/** Deletes an artifact of the user's own, after a question: what an experiment took minutes to find cannot be brought back. */
import { window } from "vscode";
import type { Command } from "./command.ts";
import { idOf } from "./pick-preset.ts";

export const deleteArtifact: Command = {
  id: "tiller.deleteArtifact",
  async run({ keeper, lists, chat }, argument) {
    const id = idOf(argument);
    if (id === null) return;
    const remove = "Delete";
    const detail = "Presets that use it can no longer be loaded. Making it again takes as long as it did.";
    if ((await window.showWarningMessage(`Delete ${id}?`, { modal: true, detail }, remove)) !== remove) return;
    await (await keeper.revive()).call("artifact.delete", { id });
    await lists.refresh();
    chat.tell({ do: "refresh" });
  },
};
