/** `tiller …`: the command line. Results go to stdout, everything else to stderr; exit codes are in exit.ts and the reference. */
import { report } from "./action.ts";
import { EXIT } from "./exit.ts";
import { createProgram } from "./program.ts";

async function main(args: readonly string[]): Promise<void> {
  // A reader such as `head` that has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failure));
  process.stderr.on("error", () => undefined);
  const program = createProgram();
  if (args.length === 0) {
    program.outputHelp();
    return;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if ((error as { exitCode?: unknown }).exitCode === 0) return;
    report(error, args.includes("--json"));
  }
}

await main(process.argv.slice(2));
