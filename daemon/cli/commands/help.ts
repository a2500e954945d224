/** `tiller help vector make`: the help of any command, however deep it lies. */
import type { Command } from "commander";
import { action, command, nameOf } from "../action.ts";
import { usage } from "../output/failure.ts";

export function addHelp(program: Command): void {
  command(program, "help [command...]", "the help of a command, such as vector make").action(
    action(async ({ output }, names) => {
      const meant = names.reduce(child, program);
      // Only this one prints what stands after a command's options, such as the exit codes.
      if (output.json) await output.line(JSON.stringify({ help: meant.helpInformation() }));
      else meant.outputHelp();
    }),
  );
}

/** @throws TillerError invalid-params */
function child(parent: Command, name: string): Command {
  const found = parent.commands.find((candidate) => candidate.name() === name);
  if (found !== undefined) return found;
  const names = parent.commands.map((candidate) => candidate.name()).join(", ");
  throw usage(
    `there is no \`${nameOf(parent)} ${name}\``,
    "command",
    names === "" ? `See \`${nameOf(parent)} --help\`.` : `There is ${names}.`,
  );
}
