/** A conversation in the words of llama.cpp's server, which its renderer and every Jinja template read. */
import type { ChatTurn, RenderOptions } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";

export type OpenAiTurn = Record<string, unknown> & { role: string; content: string | null };

export function openAiTurns(turns: readonly ChatTurn[]): OpenAiTurn[] {
  return turns.map(({ role, content, reasoning, toolCalls, toolCallId, name }) => ({
    role,
    content,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(toolCalls === undefined
      ? {}
      : {
          tool_calls: toolCalls.map(({ id, name: called, arguments: json }) => ({
            type: "function",
            id,
            function: { name: called, arguments: json },
          })),
        }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(name === undefined ? {} : { name }),
  }));
}

/** The last turn is the model's own: it is left open and goes on. */
export function continues(turns: readonly ChatTurn[]): boolean {
  if (turns.at(-1)?.role !== "assistant") return false;
  if (turns.at(-2)?.role === "assistant")
    throw new TillerError("invalid-params", "two turns of the assistant stand at the end: which one is to be continued is not clear", {
      field: "messages",
      suggestion: "Join them, or end with a turn of the user.",
    });
  if ((turns.at(-1)!.toolCalls?.length ?? 0) > 0)
    throw new TillerError("invalid-params", "an assistant's turn that calls tools cannot be continued", {
      field: "messages",
      suggestion: "Append what the tools answered.",
    });
  return true;
}

/** @param thinking as resolved, see options.ts; null: the template's own default */
export function renderRequest(turns: readonly ChatTurn[], options: RenderOptions, thinking: boolean | null): string {
  const open = continues(turns);
  return JSON.stringify({
    messages: openAiTurns(turns),
    ...(options.tools.length === 0 ? {} : { tools: options.tools, tool_choice: options.toolChoice }),
    ...(options.parallelToolCalls === null ? {} : { parallel_tool_calls: options.parallelToolCalls }),
    add_generation_prompt: options.addGenerationPrompt && !open,
    continue_final_message: open,
    ...(thinking === null ? {} : { enable_thinking: thinking }),
    // as llama.cpp's server has it unless told otherwise: what the model thought earlier stays, where the template can keep it
    chat_template_kwargs: { preserve_reasoning: true, ...variables(options) },
  });
}

/** `reasoning_effort` "none" is no level but a switch, see options.ts. */
export function variables({ kwargs, reasoningEffort }: RenderOptions): Record<string, unknown> {
  const effort = reasoningEffort === null || reasoningEffort === "none" ? {} : { reasoning_effort: reasoningEffort };
  return { ...kwargs, ...effort };
}
