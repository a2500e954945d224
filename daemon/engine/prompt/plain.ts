/**
 * How a conversation is written for a model whose file has no chat template: a base model, which only continues text. The
 * system text, then paragraphs that begin with "User: " and "Assistant: "; an answer ends where it begins a turn of the user.
 */
import type { ChatTurn } from "../../protocol/engine-api.ts";

export const PLAIN_TEMPLATE = [
  "{%- for message in messages -%}",
  "{%- if not loop.first -%}{{- '\\n\\n' -}}{%- endif -%}",
  "{%- if message['role'] == 'user' -%}{{- 'User: ' + message['content'] -}}",
  "{%- elif message['role'] == 'assistant' -%}{{- 'Assistant: ' + message['content'] -}}",
  "{%- else -%}{{- message['content'] -}}{%- endif -%}",
  "{%- endfor -%}",
  "{%- if add_generation_prompt -%}{{- '\\n\\nAssistant:' -}}{%- endif -%}",
].join("\n");

export const PLAIN_STOPS: readonly string[] = ["\nUser:"];

/** An answer that is continued stands behind "Assistant:", which ends without the space that most tokenizers join to a word. */
export function plainTurns(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  const last = turns.at(-1);
  if (last?.role !== "assistant" || last.content === null || last.content.startsWith(" ")) return turns;
  return [...turns.slice(0, -1), { ...last, content: ` ${last.content}` }];
}
