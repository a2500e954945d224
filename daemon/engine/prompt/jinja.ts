/** The second renderer, for templates that llama.cpp's own cannot read: Hugging Face's Jinja, which runs no code. */
import { Template } from "@huggingface/jinja";
import type { ChatTurn, RenderOptions } from "../../protocol/engine-api.ts";
import { continues, openAiTurns, variables } from "./request.ts";

export interface JinjaTokens {
  /** texts; "" where the vocabulary has none */
  readonly bos: string;
  readonly eos: string;
  /** the tokenizer puts BOS in front by itself */
  readonly addsBos: boolean;
}

export interface JinjaTemplate {
  /** every name in the source, wherever it stands */
  readonly identifiers: readonly string[];
  render(turns: readonly ChatTurn[], options: RenderOptions, thinking: boolean | null): { text: string; generationPrompt: string };
}

/** @throws Error where it cannot be parsed */
export function jinjaTemplate(source: string, { bos, eos, addsBos }: JinjaTokens): JinjaTemplate {
  const template = new Template(source);
  const write = (turns: readonly ChatTurn[], options: RenderOptions, thinking: boolean | null, begin: boolean): string => {
    const text = template.render({
      messages: openAiTurns(turns),
      ...(options.tools.length === 0 ? {} : { tools: options.tools }),
      add_generation_prompt: begin,
      bos_token: bos,
      eos_token: eos,
      ...(thinking === null ? {} : { enable_thinking: thinking }),
      ...variables(options),
    });
    return addsBos && bos !== "" && text.startsWith(bos) ? text.slice(bos.length) : text;
  };
  return {
    identifiers: [...new Set(source.match(/[A-Za-z_]\w*/g) ?? [])],
    render: (turns, options, thinking) => {
      const open = continues(turns);
      const head = open ? turns.slice(0, -1) : turns;
      if (!open && !options.addGenerationPrompt) return { text: write(head, options, thinking, false), generationPrompt: "" };
      const text = write(head, options, thinking, true);
      const generationPrompt = text.slice(commonLength(text, write(head, options, thinking, false)));
      const answer = open ? (turns.at(-1)!.content ?? "") : "";
      return { text: text + answer, generationPrompt: generationPrompt + answer };
    },
  };
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
