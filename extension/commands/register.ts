/** Registers the table; a failure is said once, with what to do and the way to the log. */
import { commands, Disposable, window } from "vscode";
import type { Tiller } from "../context.ts";
import { COMMANDS } from "./index.ts";

export function registerCommands(tiller: Tiller): Disposable {
  return Disposable.from(
    ...COMMANDS.map(({ id, run }) =>
      commands.registerCommand(id, (argument?: unknown) => run(tiller, argument).catch((error) => report(tiller, id, error))),
    ),
  );
}

async function report({ log }: Tiller, id: string, error: unknown): Promise<void> {
  const { message, detail, code } = error as { message?: string; code?: string; detail?: { suggestion?: string } };
  if (code === "cancelled") return;
  log.error(`${id}: ${message ?? String(error)}`);
  const text = [message ?? String(error), detail?.suggestion].filter((part) => part !== undefined && part !== "").join(". ");
  const show = "Show log";
  if ((await window.showErrorMessage(`Tiller: ${text}`, show)) === show) log.show();
}
