/** `tiller check`: everything that the language server says of presets, for a terminal, a task of an editor, or CI. */
import type { Command } from "commander";
import { action, command } from "../action.ts";
import { EXIT } from "../output/exit.ts";

interface Options {
  readonly offline?: boolean;
  readonly model?: string;
}

export function addCheck(program: Command): void {
  command(program, "check [paths...]", "mistakes of presets: files, or folders with all that is in them; default: this folder")
    .option("--offline", "talk to no daemon: check against what one said before")
    .option("--model <id>", "the model that they are to steer; default: the one that is loaded, else the default")
    .action(
      action<Options>(async (session, paths, { offline = false, model }) => {
        const { checkPresets } = await import("../language/check.ts");
        const findings = await checkPresets(session, paths.length === 0 ? ["."] : paths, { offline, model });
        await session.output.result(findings, (all) =>
          all
            .map(({ file, line, column, severity, message, code }) => `${file}:${line}:${column}: ${severity}: ${message} [${code}]`)
            .join("\n"),
        );
        return findings.some(({ severity }) => severity === "error") ? EXIT.refused : EXIT.ok;
      }),
    );
}
