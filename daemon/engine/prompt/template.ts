/**
 * Conversations to prompts through the model's own chat template: rendered once and tokenised once, special tokens and all, as
 * llama.cpp's server does. Its renderer writes them; where it cannot read a template, the second one does (jinja.ts).
 *
 * This is the only way from turns to tokens: answers, directions, studies and the page's look at a prompt all stand on it.
 */
import { type ChatTurn, PLAIN_RENDER, type RenderOptions, type TemplateFacts } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { NativeChatTemplate, NativeModel, NativeRendered } from "../model/native.ts";
import { MARKED_TEMPLATE, markedTurns } from "./calls.ts";
import { type JinjaTemplate, jinjaTemplate } from "./jinja.ts";
import { checkOptions, type TemplateAbilities } from "./options.ts";
import { PLAIN_STOPS, PLAIN_TEMPLATE, plainTurns } from "./plain.ts";
import { renderRequest } from "./request.ts";

export interface Prompt {
  readonly text: string;
  readonly tokens: Int32Array;
  /** the end of `text` in which the answer begins */
  readonly generationPrompt: string;
  /** how the answer is read; null: the second renderer wrote the prompt, so the answer is plain text */
  readonly native: NativeRendered | null;
}

export interface Template {
  readonly facts: TemplateFacts;
  /** strings that end an answer beside the model's own end tokens */
  readonly stops: readonly string[];
  /** A last turn of the assistant is left open at its end; else the header of the coming answer is appended. */
  render(turns: readonly ChatTurn[], options?: RenderOptions): Prompt;
  /** `thinking` for answers that leave no room to think: off where the template can, else its default */
  readonly quiet: RenderOptions["thinking"];
}

/** @param own a template of the user's; null: the model's. @param stored the one in the model's file */
export function createTemplate(model: NativeModel, own: string | null, stored: string | null): Template {
  const origin = own !== null ? "user" : stored !== null ? "model" : "plain";
  const source = own ?? stored ?? PLAIN_TEMPLATE;
  // "": llama.cpp reads the file itself, where another template may stand for conversations with tools
  const native = attempt(() => model.chatTemplate(origin === "model" ? "" : source));
  const second = attempt(() => jinjaTemplate(source, tokensOf(model)));
  const renderers: Renderers = { native: native.made, second: second.made };
  const facts: TemplateFacts = {
    origin,
    source,
    renderer: native.made !== null ? "llama.cpp" : second.made !== null ? "jinja" : "none",
    problem: native.problem,
    thinking: native.made?.facts().thinking ?? false,
    capabilities: { ...native.made?.facts().capabilities },
  };
  const identifiers = new Set(native.made?.facts().identifiers ?? second.made?.identifiers ?? []);
  const marks = once(() => model.chatTemplate(MARKED_TEMPLATE));
  const abilities: TemplateAbilities = { facts, identifiers, switchable: once(() => switches(renderers)) };
  return {
    facts,
    stops: origin === "plain" ? PLAIN_STOPS : [],
    get quiet() {
      return facts.thinking && abilities.switchable() ? false : null;
    },
    render: (turns, options = PLAIN_RENDER) => {
      const thinking = checkOptions(options, abilities);
      const marked = facts.capabilities["supports_tools"] !== true && speaksOfCalls(turns, options);
      const written = marked
        ? {
            ...write(renderers, markedTurns(turns, options), { ...options, tools: [] }, thinking),
            native: marks().render(renderRequest(turns, options, null)),
          }
        : write(renderers, origin === "plain" ? plainTurns(turns) : turns, options, thinking);
      return { ...written, tokens: model.tokenize(written.text, true, true) };
    },
  };
}

function speaksOfCalls(turns: readonly ChatTurn[], { tools }: RenderOptions): boolean {
  return tools.length > 0 || turns.some(({ role, toolCalls }) => role === "tool" || toolCalls !== undefined);
}

interface Renderers {
  readonly native: NativeChatTemplate | null;
  readonly second: JinjaTemplate | null;
}

function write(
  { native, second }: Renderers,
  turns: readonly ChatTurn[],
  options: RenderOptions,
  thinking: boolean | null,
): Omit<Prompt, "tokens"> {
  let failure: unknown = new Error("it cannot be read");
  if (native !== null) {
    const request = renderRequest(turns, options, thinking);
    try {
      const rendered = native.render(request);
      return { text: rendered.prompt, generationPrompt: rendered.generationPrompt, native: rendered };
    } catch (error) {
      failure = error;
    }
  }
  try {
    if (second !== null) return { ...second.render(turns, options, thinking), native: null };
  } catch (error) {
    if (error instanceof TillerError) throw error;
    if (native === null) failure = error;
  }
  throw new TillerError("invalid-params", `the model's chat template refuses these messages: ${why(failure)}`, { field: "messages" });
}

/** Whether `enable_thinking` changes what is written. */
function switches(renderers: Renderers): boolean {
  const turns: ChatTurn[] = [{ role: "user", content: "test" }];
  try {
    return write(renderers, turns, PLAIN_RENDER, true).text !== write(renderers, turns, PLAIN_RENDER, false).text;
  } catch {
    return false;
  }
}

/** The tokens that begin and end a text, as they are named; empty where the vocabulary has none. */
export function tokensOf(model: NativeModel): { bos: string; eos: string; addsBos: boolean } {
  const text = (token: number): string => (token < 0 ? "" : new TextDecoder().decode(model.tokenBytes(token, true)));
  return { bos: text(model.bos()), eos: text(model.eos()), addsBos: model.addBos() };
}

function attempt<T>(make: () => T): { made: T | null; problem: string | null } {
  try {
    return { made: make(), problem: null };
  } catch (error) {
    return { made: null, problem: why(error) };
  }
}

/** The template's own words stand in the error's first or last line; between them llama.cpp quotes its source. */
function why(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.length > 400 ? `${message.slice(0, 400)} …` : message;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
