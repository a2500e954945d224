/** Loads a preset into the chat: the next answer is steered by it. */
import type { Command } from "./command.ts";
import { pickPreset } from "./pick-preset.ts";

export const applyPreset: Command = {
  id: "tiller.applyPreset",
  async run(tiller, argument) {
    const entry = await pickPreset(tiller, argument, ({ preset }) => preset !== null);
    if (entry !== null) await tiller.chat.order({ do: "preset", id: entry.id });
  },
};
