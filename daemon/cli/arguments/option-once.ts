/** An option that takes one value and is given twice: the parser keeps the last and forgets the first without a word. */
import type { Command, Option } from "commander";
import { usage } from "../output/failure.ts";
import { collect } from "./arguments.ts";

export function refuseTwice(command: Command): void {
  for (const option of command.options) {
    if (!option.required || option.parseArg === collect) continue;
    let given = false;
    command.on(`option:${option.name()}`, () => {
      if (given) throw twice(option);
      given = true;
    });
  }
}

function twice(option: Option): Error {
  return usage(`${option.long} is given twice, and takes one value`, option.name(), "Leave one of them out.");
}
