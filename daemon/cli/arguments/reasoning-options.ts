/** How a conversation is written for the model: options that `run` and `render` share. */
import type { Command } from "commander";
import type { RenderFields } from "../../protocol/api/render.ts";
import { usage } from "../output/failure.ts";
import { collect, oneOf } from "./arguments.ts";

export interface ReasoningOptions {
  readonly thinking?: "on" | "off";
  readonly reasoningEffort?: string;
  readonly templateVariable?: readonly string[];
}

export function renderOptions(command: Command): Command {
  return command
    .option(
      "--thinking <on|off>",
      "whether the model reasons before it answers; default: as its template has it",
      oneOf("--thinking", ["on", "off"]),
    )
    .option("--reasoning-effort <level>", "where the model's template has levels, such as low, medium and high")
    .option(
      "--template-variable <name=value>",
      "a variable of the chat template; the value is JSON, or else text (again for more)",
      collect,
    );
}

export function reasoning({ thinking, reasoningEffort, templateVariable }: ReasoningOptions): RenderFields {
  return {
    ...(thinking === undefined ? {} : { thinking: thinking === "on" }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort }),
    ...(templateVariable === undefined ? {} : { templateKwargs: Object.fromEntries(templateVariable.map(variable)) }),
  };
}

function variable(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw usage(`--template-variable ${text}: must be name=value`, "template-variable");
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
