/** The conversations on which chat templates are compared with llama.cpp's server. */
import type { ChatTurn, RenderOptions, ToolDefinition } from "../../daemon/protocol/engine-api.ts";

export interface Conversation {
  readonly id: string;
  readonly messages: readonly ChatTurn[];
  readonly options: Partial<RenderOptions>;
}

const user = (content: string): ChatTurn => ({ role: "user", content });
const assistant = (content: string): ChatTurn => ({ role: "assistant", content });
const system = (content: string): ChatTurn => ({ role: "system", content });
const HELLO = "Hello, how are you?";

const LOOK: ToolDefinition = {
  type: "function",
  function: {
    name: "look_up",
    description: "Looks up a word.",
    parameters: { type: "object", properties: { word: { type: "string", description: "the word" } }, required: ["word"] },
  },
};

export const CONVERSATIONS: readonly Conversation[] = [
  { id: "system", messages: [system("  You are kind. "), user(HELLO), assistant("Fine, and you?"), user("Fine.")], options: {} },
  { id: "no system", messages: [user(HELLO)], options: {} },
  { id: "two user turns", messages: [user(HELLO), user(" And where are you? ")], options: {} },
  { id: "assistant last", messages: [user(HELLO), assistant("I am ")], options: {} },
  { id: "empty", messages: [user(""), assistant(""), user(HELLO)], options: {} },
  { id: "unicode", messages: [user("Größe: 10 µm — 日本語, עברית, 🌊👩‍👩‍👧, e\u0301\n\tx")], options: {} },
  { id: "thinking on", messages: [user(HELLO)], options: { thinking: true } },
  { id: "thinking off", messages: [user(HELLO)], options: { thinking: false } },
  { id: "tools", messages: [system("You are kind."), user(HELLO)], options: { tools: [LOOK] } },
];

/** The body that llama.cpp's server is asked with. */
export function serverBody({ messages, options }: Conversation): object {
  return {
    messages,
    ...(options.tools === undefined ? {} : { tools: options.tools }),
    ...(options.thinking === undefined ? {} : { chat_template_kwargs: { enable_thinking: options.thinking } }),
  };
}
