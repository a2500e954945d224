/** The daemon's health as when-keys, for welcome texts and enablement: `tiller.health`, and `tiller.running`. */
import { commands, Disposable } from "vscode";
import type { Keeper } from "./keeper.ts";

export function followHealth(keeper: Keeper): Disposable {
  const tell = (): void => {
    void commands.executeCommand("setContext", "tiller.health", keeper.health);
    void commands.executeCommand("setContext", "tiller.running", keeper.health === "running");
  };
  tell();
  return new Disposable(keeper.onHealth(tell));
}
