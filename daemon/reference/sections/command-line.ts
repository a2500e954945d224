/** Every command with its options, from the program itself. */
import type { Command } from "commander";
import { EXIT, EXIT_MEANING } from "../../cli/output/exit.ts";
import { markdownTable, section } from "../markdown.ts";

export function commandLine(program: Command): string {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return section(
    2,
    "Command line",
    `Results go to stdout, everything else to stderr. Every command has \`--json\`; an error is then also one line
\`{"error": …}\` on stdout. \`run\`, \`tap\`, \`chat\` and the others use the user's daemon and start it when there is none.`,
    markdownTable(
      ["exit code", "meaning"],
      names.map((name) => [String(EXIT[name]), EXIT_MEANING[name]]),
    ),
    ...program.commands.flatMap((command) => [
      describe(command, "tiller"),
      ...command.commands.map((child) => describe(child, `tiller ${command.name()}`)),
    ]),
  );
}

function describe(command: Command, parent: string): string {
  const help = command.createHelp();
  const usage =
    `${parent} ${command.name()} ${command.registeredArguments.map((argument) => (argument.required ? `<${argument.name()}>` : `[${argument.name()}]`)).join(" ")}`.trim();
  const options = command.options.filter((option) => option.long !== "--json");
  const rows = options.map((option) => [`\`${option.flags}\`${option.mandatory ? " (needed)" : ""}`, help.optionDescription(option)]);
  return section(3, `\`${usage}\``, command.description(), rows.length === 0 ? "" : markdownTable(["option", "meaning"], rows));
}
