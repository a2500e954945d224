import type { Command } from "./command.ts";

export const newChat: Command = {
  id: "tiller.newChat",
  run: ({ chat }) => chat.order({ do: "new-chat" }),
};
