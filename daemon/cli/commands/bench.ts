/** `tiller bench`: the speed of this checkout; delegates to the bench runner, which is not part of the package. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import { packageRoot } from "../../store/paths.ts";
import { action } from "../action.ts";

export function addBench(program: Command): void {
  program
    .command("bench [options...]")
    .description(
      "measure this checkout; options go to the bench runner: --json FILE, --only ID,ID, --model NAME, --pairs N, --effort X, --threads N, --keep",
    )
    .allowUnknownOption()
    .action(
      action(async (_session, _args) => {
        const runner = join(packageRoot(), "out", "test", "bench", "main.js");
        if (!existsSync(runner)) {
          throw new TillerError("not-supported", "the bench runner is not here", {
            suggestion: "It belongs to a checkout of the sources: run `npm run bench` there.",
          });
        }
        const rest = process.argv.slice(process.argv.indexOf("bench") + 1);
        const child = spawn(process.execPath, [runner, ...rest], { stdio: "inherit" });
        return new Promise<number>((resolve, reject) => {
          child.on("error", reject);
          child.on("exit", (code) => resolve(code ?? 1));
        });
      }),
    );
}
