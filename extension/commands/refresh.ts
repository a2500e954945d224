import type { Command } from "./command.ts";

export const refresh: Command = {
  id: "tiller.refresh",
  async run({ lists, chat }) {
    await lists.refresh();
    chat.tell({ do: "refresh" });
  },
};
