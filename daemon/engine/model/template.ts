/**
 * Conversations to tokens through the model's own chat template. The template engine of node-llama-cpp interprets the
 * template and runs no code. A turn's text stands in the rendered template as a placeholder and is tokenised by itself
 * without special tokens, so that no text can forge a turn.
 *
 * A model without a template gets a plain one: the system text, then "User: …" and "Assistant: …" paragraphs; its answers
 * end where it begins a turn of the user.
 */
import { type ChatHistoryItem, JinjaTemplateChatWrapper, type LlamaModel, LlamaText } from "node-llama-cpp";
import type { Answer, ChatParams, Message } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";

export interface Template {
  /** as stored in the model; null: the plain one is used */
  readonly source: string | null;
  /** strings that end an answer beside the model's own end tokens */
  readonly stops: readonly string[];
  /** Turns that end with the assistant are left open at its end; else the header of the coming answer is appended. */
  render(messages: readonly Message[]): Int32Array;
}

export function createTemplate(model: LlamaModel): Template {
  const source = (model.fileInfo.metadata as { tokenizer?: { chat_template?: unknown } }).tokenizer?.chat_template;
  if (typeof source !== "string" || source.trim() === "") return plainTemplate(model);
  let wrapper: JinjaTemplateChatWrapper | null = null;
  return {
    source,
    stops: [],
    render: (messages) => {
      try {
        wrapper ??= new JinjaTemplateChatWrapper({ template: source, tokenizer: model.tokenizer });
        const { contextText } = wrapper.generateContextState({ chatHistory: toHistory(messages) });
        return toTokens(contextText, model);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new TillerError("invalid-params", `the model's chat template refuses these messages: ${why}`, { field: "messages" });
      }
    },
  };
}

function plainTemplate(model: LlamaModel): Template {
  const names = { user: "User", assistant: "Assistant" } as const;
  return {
    source: null,
    stops: ["\nUser:"],
    render: (messages) => {
      const parts = messages.map(({ role, content }) => (role === "system" ? content : `${names[role]}: ${content}`));
      if (messages.at(-1)?.role !== "assistant") parts.push("Assistant:");
      return toTokens(LlamaText(parts.join("\n\n")), model);
    },
  };
}

function toHistory(messages: readonly Message[]): ChatHistoryItem[] {
  const history = messages.map(({ role, content }): ChatHistoryItem => {
    if (role === "system") return { type: "system", text: LlamaText(content).toJSON() };
    return role === "user" ? { type: "user", text: content } : { type: "model", response: [content] };
  });
  if (messages.at(-1)?.role !== "assistant") history.push({ type: "model", response: [] });
  return history;
}

function toTokens(text: LlamaText, model: LlamaModel): Int32Array {
  const tokens = text.tokenize(model.tokenizer) as number[];
  const { bos } = model.tokens;
  if (bos !== null && model.tokens.shouldPrependBosToken && tokens[0] !== bos) tokens.unshift(bos);
  return Int32Array.from(tokens);
}

/**
 * Fits a conversation into `limit` tokens. With `shift` the oldest turns after the system turn are left out, from a turn of
 * the user on; the last turn stays.
 * @throws TillerError context-full
 */
export function fitMessages(
  messages: readonly Message[],
  template: Pick<Template, "render">,
  limit: number,
  overflow: NonNullable<ChatParams["overflow"]>,
): { tokens: Int32Array; overflow: Answer["overflow"] } {
  const all = template.render(messages);
  if (all.length <= limit) return { tokens: all, overflow: null };
  if (overflow === "refuse") throw contextFull(all.length, limit);
  const system = messages.filter((message, index) => message.role === "system" && index === 0);
  const turns = messages.slice(system.length);
  const starts = turns.flatMap((turn, index) => (index > 0 && turn.role === "user" ? [index] : []));
  let low = 0;
  let high = starts.length - 1;
  let best: { tokens: Int32Array; dropped: number } | null = null;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const tokens = template.render([...system, ...turns.slice(starts[middle])]);
    if (tokens.length <= limit) {
      best = { tokens, dropped: starts[middle]! };
      high = middle - 1;
    } else low = middle + 1;
  }
  if (best === null) throw contextFull(all.length, limit);
  return { tokens: best.tokens, overflow: { droppedTurns: best.dropped, droppedTokens: all.length - best.tokens.length } };
}

/** Raw tokens have no turns: `shift` keeps the end of the text, and its first token where that is `keep`. */
export function fitTokens(
  tokens: Int32Array,
  limit: number,
  overflow: NonNullable<ChatParams["overflow"]>,
  keep: number | null,
): { tokens: Int32Array; overflow: Answer["overflow"] } {
  if (tokens.length <= limit) return { tokens, overflow: null };
  if (overflow === "refuse") throw contextFull(tokens.length, limit);
  const kept = new Int32Array(limit);
  kept.set(tokens.subarray(tokens.length - limit));
  if (tokens[0] === keep) kept[0] = keep;
  return { tokens: kept, overflow: { droppedTurns: 0, droppedTokens: tokens.length - limit } };
}

function contextFull(tokens: number, limit: number): TillerError {
  return new TillerError("context-full", `the prompt has ${tokens} tokens, the context has room for ${limit}`, {
    suggestion: "Shorten it, allow old turns to be dropped (overflow: shift), or load the model with a larger context.",
  });
}
