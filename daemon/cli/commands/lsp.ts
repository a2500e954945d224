/** `tiller lsp`: the language server for presets, for any editor that speaks the protocol over standard input and output. */
import type { Command } from "commander";
import { action, command } from "../action.ts";

interface Options {
  readonly offline?: boolean;
}

export function addLsp(program: Command): void {
  command(program, "lsp", "language server for presets (*.steer.yaml), over standard input and output")
    .option("--stdio", "as editors say it; there is no other way")
    .option("--offline", "talk to no daemon: check against what one said before")
    .action(
      action<Options>(async ({ paths }, _, { offline = false }) => {
        const { serveStdio } = await import("../language/serve.ts");
        await serveStdio(paths, offline);
      }),
    );
}
