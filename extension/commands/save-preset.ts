/** Saves the chat's sliders as a preset. A name that is taken is asked about first. */
import { window } from "vscode";
import { idStem } from "../../daemon/protocol/rules/slug.ts";
import type { Tiller } from "../context.ts";
import type { Command } from "./command.ts";

export const savePreset: Command = {
  id: "tiller.savePreset",
  async run(tiller) {
    const name = await window.showInputBox({
      title: "Save the sliders as a preset",
      prompt: "Name of the preset",
      value: tiller.chat.shown?.preset ?? "My sliders",
      validateInput: (value) =>
        idStem(value, "preset") === null ? "A name needs letters or digits." : value.length > 120 ? "At most 120 characters." : null,
    });
    const id = name === undefined ? null : idStem(name, "preset");
    if (name === undefined || id === null || !(await mayReplace(tiller, id))) return;
    const preset = await tiller.chat.rack(name.trim());
    if (preset === null) {
      void window.showWarningMessage("The chat has no sliders to save. Add one, or load a preset first.");
      return;
    }
    await tiller.keeper.client().call("preset.save", { id, preset });
    tiller.chat.tell({ do: "saved", id, name: preset.name });
    await tiller.lists.refresh();
    tiller.chat.tell({ do: "refresh" });
  },
};

async function mayReplace({ keeper }: Tiller, id: string): Promise<boolean> {
  const client = await keeper.revive();
  const { presets } = await client.call("preset.list", {});
  const taken = presets.find((entry) => entry.id === id);
  if (taken === undefined) return true;
  const replace = taken.shipped ? "Hide it by mine" : "Replace";
  const detail = taken.shipped ? "It comes with Tiller: yours hides it, and it comes back when yours is deleted." : "";
  return (
    (await window.showWarningMessage(`There is a preset ${taken.preset?.name ?? id} already.`, { modal: true, detail }, replace)) ===
    replace
  );
}
