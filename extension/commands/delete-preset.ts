/** Deletes a preset of the user's own; its text comes back by a button. */
import { window } from "vscode";
import type { Command } from "./command.ts";
import { pickPreset } from "./pick-preset.ts";

export const deletePreset: Command = {
  id: "tiller.deletePreset",
  async run(tiller, argument) {
    const entry = await pickPreset(tiller, argument, ({ shipped }) => !shipped);
    if (entry === null) return;
    const client = tiller.keeper.client();
    const { text } = await client.call("preset.get", { id: entry.id });
    await client.call("preset.delete", { id: entry.id });
    await changed(tiller);
    const undo = "Undo";
    if ((await window.showInformationMessage(`The preset ${entry.preset?.name ?? entry.id} is deleted.`, undo)) !== undo) return;
    await client.call("preset.save", { id: entry.id, text });
    await changed(tiller);
  },
};

async function changed({ lists, chat }: Parameters<Command["run"]>[0]): Promise<void> {
  await lists.refresh();
  chat.tell({ do: "refresh" });
}
