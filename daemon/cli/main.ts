/** `tiller …`: the command line. Results go to stdout, everything else to stderr; exit codes are in exit.ts and the reference. */
import { Command } from "commander";
import { packageVersion } from "../store/paths.ts";
import { report } from "./action.ts";
import { addBench } from "./commands/bench.ts";
import { addChat } from "./commands/chat.ts";
import { addClean } from "./commands/clean.ts";
import { addDocs } from "./commands/docs.ts";
import { addInspect } from "./commands/inspect.ts";
import { addModels } from "./commands/models.ts";
import { addPresets } from "./commands/presets.ts";
import { addRun } from "./commands/run.ts";
import { addServe } from "./commands/serve.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addTap } from "./commands/tap.ts";
import { addToken } from "./commands/token.ts";
import { addVector } from "./commands/vector.ts";
import { EXIT, EXIT_MEANING } from "./exit.ts";

const COMMANDS = [
  addServe,
  addStatus,
  addStop,
  addChat,
  addRun,
  addTap,
  addInspect,
  addModels,
  addPresets,
  addVector,
  addToken,
  addClean,
  addBench,
  addDocs,
];

export function createProgram(): Command {
  const program = new Command("tiller")
    .description("Steer a local LLM from the inside.")
    .version(packageVersion())
    .option("--json", "print the result as JSON")
    .showHelpAfterError("Add --help for what is possible.")
    .addHelpText("after", `\nExit codes:\n${exitCodes()}`);
  for (const add of COMMANDS) add(program);
  every(program, (command) =>
    command.exitOverride().configureOutput({
      // Reported by `report`, once.
      writeErr: () => undefined,
    }),
  );
  return program;
}

function every(command: Command, work: (command: Command) => void): void {
  work(command);
  for (const child of command.commands) every(child, work);
}

function exitCodes(): string {
  return (Object.keys(EXIT) as (keyof typeof EXIT)[])
    .map((name) => `  ${String(EXIT[name]).padStart(3)}  ${EXIT_MEANING[name]}`)
    .join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  // A reader such as `head` that has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failure));
  process.stderr.on("error", () => undefined);
  const program = createProgram();
  if (args.length === 0) {
    process.stdout.write(program.helpInformation());
    return;
  }
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help and version end this way, too.
    if ((error as { exitCode?: unknown }).exitCode === 0) return;
    report(error, args.includes("--json"));
  }
}

await main(process.argv.slice(2));
