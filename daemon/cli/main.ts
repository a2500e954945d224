/** `tiller …`: the command line. Results go to stdout, everything else to stderr; exit codes are in exit.ts and the reference. */
import { discardEarly, forkEarly } from "../server/engines/early.ts";

async function main(args: readonly string[]): Promise<void> {
  // It loads the default model, and an engine's start takes as long as reading everything below.
  if (args[0] === "serve" && args.includes("--open")) forkEarly();
  const [{ report }, { EXIT }, { createProgram }] = await Promise.all([
    import("./action.ts"),
    import("./output/exit.ts"),
    import("./program.ts"),
  ]);
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
  } finally {
    discardEarly();
  }
}

await main(process.argv.slice(2));
