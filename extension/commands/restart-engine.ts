/** Ends a model's engine and starts another: what helps where one hangs, or a model's file was replaced. */
import { ProgressLocation, window } from "vscode";
import type { Command } from "./command.ts";

export const restartEngine: Command = {
  id: "tiller.restartEngine",
  async run({ keeper, chat }) {
    const client = await keeper.revive();
    const { models } = await client.call("model.list", {});
    const candidates = models.filter(({ state }) => state === "loaded" || state === "crashed");
    if (candidates.length === 0) {
      void window.showInformationMessage("No model is loaded: the next question starts its engine.");
      return;
    }
    const items = candidates.map(({ id, name, state }) => ({ label: name, description: state, id }));
    const chosen = items.length === 1 ? items[0] : await window.showQuickPick(items, { placeHolder: "Restart the engine of" });
    if (chosen === undefined) return;
    const model = chosen.id;
    await window.withProgress(
      { location: ProgressLocation.Window, title: `Tiller: restarting the engine of ${chosen.label}` },
      async () => {
        await client.call("model.unload", { model });
        await client.call("model.load", { model });
      },
    );
    chat.tell({ do: "refresh" });
  },
};
