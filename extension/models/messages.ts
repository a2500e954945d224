/** Messages of the editor's language-model API as the daemon's. Pure but for the editor's own part classes. */
import {
  LanguageModelChatMessageRole,
  type LanguageModelChatRequestMessage,
  type LanguageModelChatTool,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
} from "vscode";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";

type Params = ParamsIn<"generate.chat">;

/** A turn with results of tools becomes a turn for each of them. @throws Error of parts that are no text, such as pictures */
export function messagesOf(messages: readonly LanguageModelChatRequestMessage[]): Params["messages"] {
  return messages.flatMap(({ role, content }) => {
    const assistant = role === LanguageModelChatMessageRole.Assistant;
    const text = content.filter((part) => part instanceof LanguageModelTextPart).map(({ value }) => value);
    const calls = content.filter((part) => part instanceof LanguageModelToolCallPart);
    const results = content.filter((part) => part instanceof LanguageModelToolResultPart);
    if (text.length + calls.length + results.length < content.length) throw new Error("this model reads text alone");
    const toolCalls = calls.map(({ callId, name, input }) => ({ id: callId, name, arguments: JSON.stringify(input) }));
    const answers = results.map((result) => ({ role: "tool" as const, content: resultText(result), toolCallId: result.callId }));
    const said = text.join("");
    if (said === "" && toolCalls.length === 0) return answers;
    const turn = { role: assistant ? ("assistant" as const) : ("user" as const), content: said };
    return [...answers, toolCalls.length === 0 ? turn : { ...turn, toolCalls }];
  });
}

export function toolsOf(tools: readonly LanguageModelChatTool[] | undefined): NonNullable<Params["tools"]> {
  return (tools ?? []).map(({ name, description, inputSchema }) => ({
    type: "function" as const,
    function: { name, description, ...(inputSchema === undefined ? {} : { parameters: inputSchema as Record<string, unknown> }) },
  }));
}

function resultText({ content }: LanguageModelToolResultPart): string {
  return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : JSON.stringify(part))).join("");
}
