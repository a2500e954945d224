/** What was asked of a template that it cannot do: refused by name, where llama.cpp's server drops it without a word. */
import type { RenderOptions, TemplateFacts } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";

export interface TemplateAbilities {
  readonly facts: TemplateFacts;
  readonly identifiers: ReadonlySet<string>;
  /** the prompt differs with `enable_thinking` */
  readonly switchable: () => boolean;
}

/** What the renderer fills in by itself. */
const GIVEN = ["messages", "tools", "add_generation_prompt", "bos_token", "eos_token"];
/** llama.cpp sets several names of templates by these. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  preserve_reasoning: ["preserve_reasoning", "preserve_thinking", "clear_thinking", "truncate_history_thinking", "drop_thinking"],
  reasoning_effort: ["reasoning_effort", "reasoning_strength"],
};

/** @returns the value of `enable_thinking`; null: the template's default. @throws TillerError invalid-params */
export function checkOptions(options: RenderOptions, template: TemplateAbilities): boolean | null {
  for (const name of Object.keys(options.kwargs)) checkVariable(name, "templateKwargs", template);
  if (options.tools.length > 0 && template.facts.origin === "plain")
    throw refused("tools", "the model has no chat template, so it was never shown how to call tools");
  const { reasoningEffort } = options;
  if (reasoningEffort !== null && reasoningEffort !== "none") checkVariable("reasoning_effort", "reasoningEffort", template);
  const thinking = wanted(options);
  if (thinking === null) return null;
  const { facts, switchable } = template;
  if (thinking) {
    if (facts.thinking || switchable()) return true;
    throw refused("thinking", "the model's chat template has no part for reasoning");
  }
  if (switchable()) return false;
  if (!facts.thinking) return null;
  const effort = knows("reasoning_effort", template) ? " Give a low reasoningEffort instead." : "";
  throw refused("thinking", "the model's chat template cannot switch reasoning off", `Limit it with reasoningBudget.${effort}`);
}

function wanted({ thinking, kwargs, reasoningEffort }: RenderOptions): boolean | null {
  const kwarg = kwargs["enable_thinking"];
  if (kwarg !== undefined && typeof kwarg !== "boolean")
    throw refused("templateKwargs.enable_thinking", "enable_thinking is true or false");
  const asked = [thinking, kwarg ?? null, reasoningEffort === "none" ? false : null].filter((value) => value !== null);
  if (asked.length > 1 && new Set(asked).size > 1)
    throw refused("thinking", "reasoning is asked for and switched off in one request", "Give one of the settings.");
  return asked[0] ?? null;
}

function checkVariable(name: string, field: string, template: TemplateAbilities): void {
  if (GIVEN.includes(name)) throw refused(`${field}.${name}`, `${name} is what the template is given anyway`);
  if (name === "enable_thinking" || knows(name, template)) return;
  throw refused(
    field === "templateKwargs" ? `${field}.${name}` : field,
    `the model's chat template does not use ${name}, so it would have no effect`,
  );
}

function knows(name: string, { identifiers }: TemplateAbilities): boolean {
  return (ALIASES[name] ?? [name]).some((one) => identifiers.has(one));
}

function refused(field: string, message: string, suggestion?: string): TillerError {
  return new TillerError("invalid-params", message, { field, ...(suggestion === undefined ? {} : { suggestion }) });
}
