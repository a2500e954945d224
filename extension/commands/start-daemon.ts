import type { Command } from "./command.ts";

export const startDaemon: Command = {
  id: "tiller.startDaemon",
  async run({ keeper }) {
    await keeper.revive();
  },
};
