/** The tree of commands, without running any. Results go to stdout, everything else to stderr. */
import { Command, type CommanderError } from "commander";
import { packageVersion } from "../store/paths.ts";
import { nameOf } from "./action.ts";
import { refuseTwice } from "./arguments/option-once.ts";
import { addBench } from "./commands/bench.ts";
import { addChat } from "./commands/chat.ts";
import { addCheck } from "./commands/check.ts";
import { addClean } from "./commands/clean.ts";
import { addDocs } from "./commands/docs.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExperiment } from "./commands/experiment.ts";
import { addHelp } from "./commands/help.ts";
import { addInspect } from "./commands/inspect.ts";
import { addJobs } from "./commands/jobs.ts";
import { addJudges } from "./commands/judges.ts";
import { addLabel } from "./commands/label.ts";
import { addLsp } from "./commands/lsp.ts";
import { addMcp } from "./commands/mcp.ts";
import { addModels } from "./commands/models.ts";
import { addPresets } from "./commands/presets.ts";
import { addRender } from "./commands/render.ts";
import { addReport } from "./commands/report.ts";
import { addRun } from "./commands/run.ts";
import { addServe } from "./commands/serve.ts";
import { addStatus } from "./commands/status.ts";
import { addStop } from "./commands/stop.ts";
import { addTap } from "./commands/tap.ts";
import { addToken } from "./commands/token.ts";
import { addVector } from "./commands/vector.ts";
import { EXIT, EXIT_MEANING } from "./output/exit.ts";
import { usage } from "./output/failure.ts";

const COMMANDS = [
  addServe,
  addStatus,
  addStop,
  addChat,
  addRun,
  addRender,
  addTap,
  addInspect,
  addModels,
  addPresets,
  addCheck,
  addVector,
  addEvaluate,
  addExperiment,
  addReport,
  addJobs,
  addJudges,
  addLsp,
  addLabel,
  addMcp,
  addToken,
  addClean,
  addBench,
  addDocs,
  addHelp,
];

export function createProgram(): Command {
  const program = new Command("tiller")
    .description("Steer a local LLM from the inside.")
    .version(packageVersion())
    .option("--json", "print the result as JSON")
    .addHelpText("after", `\nExit codes:\n${exitCodes()}`);
  program.helpCommand(false);
  for (const add of COMMANDS) add(program);
  every(program, (command) => {
    refuseTwice(command);
    command
      .exitOverride((error) => {
        // Help and version end this way, too.
        throw error.exitCode === 0 ? error : explain(error, command);
      })
      // Reported once, by `report`.
      .configureOutput({ writeErr: () => undefined });
  });
  return program;
}

function every(command: Command, work: (command: Command) => void): void {
  work(command);
  for (const child of command.commands) every(child, work);
}

function explain(error: CommanderError, command: Command): Error {
  if (error.code === "commander.help") return usage("there is no command", "command", "`tiller help` lists the commands.");
  const { parent } = command;
  // `tiller models bogus` reads as `tiller models list bogus` to the parser; what was meant is another subcommand.
  if (error.code === "commander.excessArguments" && parent !== null && parent.parent !== null && command.args.length > 0) {
    const others = parent.commands.map((child) => child.name()).join(", ");
    return usage(
      `there is no \`${nameOf(parent)} ${command.args[0]}\``,
      "command",
      `There is ${others}; see \`${nameOf(parent)} --help\`.`,
    );
  }
  const message = error.message.replace(/^error: /, "").replaceAll("\n", " ");
  return usage(message, fieldOf(error, message), `See \`${nameOf(command)} --help\`.`);
}

/** The option or argument that the parser's sentence names. */
function fieldOf({ code }: CommanderError, message: string): string {
  if (code === "commander.unknownCommand") return "command";
  return /'(?:-\w, )?-{0,2}([\w-]+)/.exec(message)?.[1] ?? "";
}

function exitCodes(): string {
  return (Object.keys(EXIT) as (keyof typeof EXIT)[])
    .map((name) => `  ${String(EXIT[name]).padStart(3)}  ${EXIT_MEANING[name]}`)
    .join("\n");
}
