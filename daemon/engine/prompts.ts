/** Tokens of all that a model is asked: conversations by its template, texts, gaps, tokens as they are. */
import type { Answer } from "../protocol/api/generate.ts";
import {
  type ChatTurn,
  type EngineCollect,
  type EngineRequestName,
  type EngineRequests,
  PLAIN_RENDER,
  type RenderOptions,
} from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { fillGap, infillMarks } from "./model/infill.ts";
import { type Loaded, storedTemplate } from "./model/load.ts";
import type { Vocabulary } from "./model/vocabulary.ts";
import { fitMessages, fitTokens, leftOutOf, roomIn } from "./prompt/fit.ts";
import { createTemplate, type Prompt, type Template, tokensOf } from "./prompt/template.ts";
import type { LoweredPlan } from "./steering/lowered.ts";
import { echoChunk, PromptEcho } from "./tasks/echo.ts";
import type { AnswerInput } from "./tasks/generate.ts";
import { isTokens, type OwnTokens, ownTokens } from "./tasks/own-tokens.ts";

type Params<N extends EngineRequestName> = EngineRequests<LoweredPlan>[N][0];
type Result<N extends EngineRequestName> = EngineRequests[N][1];

/** A prompt as an answer starts from it. */
interface Fitted {
  readonly tokens: Int32Array;
  /** null: of no conversation */
  readonly prompt: Prompt | null;
  readonly overflow: Answer["overflow"];
}

export class Prompts {
  readonly #loaded: Loaded;
  readonly #vocabulary: Vocabulary;
  readonly #vocabularySize: number;
  #template: Template;

  /** @param template the user's own; null: the model's */
  constructor(loaded: Loaded, vocabulary: Vocabulary, template: string | null) {
    this.#loaded = loaded;
    this.#vocabulary = vocabulary;
    this.#vocabularySize = loaded.model.facts().vocabulary;
    this.#template = createTemplate(loaded.model, template, storedTemplate(loaded));
  }

  get facts(): Result<"template"> {
    return this.#template.facts;
  }

  /** What ends a turn of the conversation besides the model's own end. */
  get stops(): Template["stops"] {
    return this.#template.stops;
  }

  /** Conversations are written by another template from now on; null: by the model's own. */
  setTemplate(source: Params<"template">["source"]): Result<"template"> {
    const template = createTemplate(this.#loaded.model, source, storedTemplate(this.#loaded));
    const { facts } = template;
    if (source !== null && facts.renderer === "none")
      throw new TillerError("invalid-params", `the chat template cannot be read: ${facts.problem}`, { field: "source" });
    this.#template = template;
    return facts;
  }

  vocabulary(): Result<"vocabulary"> {
    const { bos, eos } = tokensOf(this.#loaded.model);
    const ends = Array.from({ length: this.#vocabularySize }, (_, token) => token).filter((token) =>
      this.#loaded.model.isEndOfGeneration(token),
    );
    return { bos, eos, template: this.#template.facts.source, ends };
  }

  /** The prompt that an answer to these turns would start from. */
  render({ messages, options, maxTokens }: Params<"render">): Result<"render"> {
    const { text, tokens, generationPrompt, native } = this.conversation(messages, options);
    const { contextSize } = this.#loaded;
    const leftOut = leftOutOf(messages, (turns) => this.conversation(turns, options), roomIn(contextSize, null, maxTokens ?? null));
    return { text, tokens: [...tokens], generationPrompt, renderer: native === null ? "jinja" : "llama.cpp", contextSize, leftOut };
  }

  /** What an answer starts from, within the context. */
  of(request: Params<"generate">): Fitted {
    // what is left beside the rows of a prefix
    const contextSize = Math.max(1, this.#loaded.contextSize - (request.plan?.prefix.length ?? 0));
    const { limit, shortened } = roomIn(contextSize, request.forced?.length ?? null, request.sampling.maxTokens ?? null);
    if (request.messages === null) {
      if (request.suffix !== null) return { ...this.#gap(request, request.suffix, limit), prompt: null };
      const tokens = this.tokens(request.tokens, request.prompt ?? "");
      return { ...fitTokens(tokens, limit, request.overflow, this.#loaded.model.bos()), prompt: null };
    }
    const options = this.#options(request);
    const render = (turns: readonly ChatTurn[]): Prompt => this.conversation(turns, options);
    const { prompt, overflow } = fitMessages(request.messages, render, { limit, shortened }, request.overflow);
    return { tokens: prompt.tokens, prompt, overflow };
  }

  /** A grammar begins with the first token, so the model may not think before. */
  #options({ render, grammar, jsonSchema }: Params<"generate">): RenderOptions {
    if (grammar === null && jsonSchema === null) return render;
    if (render.tools.length > 0 && render.toolChoice !== "none")
      throw new TillerError("not-supported", "tools: not beside a grammar or JSON schema, which leaves no room for calls", {
        field: "tools",
        suggestion: "Leave one of them out, or say toolChoice: none.",
      });
    const asked = render.thinking === true || (render.reasoningEffort !== null && render.reasoningEffort !== "none");
    if (asked)
      throw new TillerError("invalid-params", "a grammar or JSON schema leaves the model no room to reason", { field: "thinking" });
    const chosen = render.kwargs["enable_thinking"] !== undefined || render.reasoningEffort !== null;
    return chosen ? render : { ...render, thinking: render.thinking ?? this.#template.quiet };
  }

  /** As measurements ask: the model is not to think where that can be switched off. */
  quiet(turns: readonly ChatTurn[]): Prompt {
    return this.conversation(turns, { ...PLAIN_RENDER, thinking: this.#template.quiet });
  }

  conversation(turns: readonly ChatTurn[], options = PLAIN_RENDER): Prompt {
    const prompt = this.#template.render(turns, options);
    if (prompt.tokens.length === 0)
      throw new TillerError("invalid-params", "the chat template writes nothing for these messages", { field: "messages" });
    return prompt;
  }

  echo({ prompt: text, topLogprobs }: Params<"generate">, prompt: Int32Array): AnswerInput["echo"] {
    const { model } = this.#loaded;
    const from = text !== null && model.addBos() && prompt[0] === model.bos() ? 1 : 0;
    return { reader: new PromptEcho(prompt, from, topLogprobs, this.#vocabulary), chunk: echoChunk(this.#vocabularySize) };
  }

  /** The token that the model's tokenizer puts in front of texts. */
  get begins(): number | null {
    const { model } = this.#loaded;
    return model.addBos() ? model.bos() : null;
  }

  #gap({ tokens, prompt, overflow }: Params<"generate">, suffix: string, limit: number): ReturnType<typeof fillGap> {
    const { model, llamaModel } = this.#loaded;
    this.mustKnow(tokens ?? [], "tokens");
    const before = tokens === null ? model.tokenize(prompt ?? "", false, true) : Int32Array.from(tokens);
    const bos = llamaModel.tokens.shouldPrependBosToken ? model.bos() : null;
    return fillGap({ before, after: model.tokenize(suffix, false, false), bos }, infillMarks(llamaModel), limit, overflow);
  }

  tokens(tokens: readonly number[] | null, text: string): Int32Array {
    const result = tokens === null ? this.#loaded.model.tokenize(text, true, true) : Int32Array.from(tokens);
    if (result.length === 0) throw new TillerError("invalid-params", "the prompt is empty", { field: "prompt" });
    this.mustKnow(result, "tokens");
    return result;
  }

  mustKnow(tokens: ArrayLike<number>, field: string): void {
    const unknown = Array.prototype.find.call(tokens, (token: number) => !(token >= 0 && token < this.#vocabularySize));
    if (unknown !== undefined)
      throw new TillerError("out-of-range", `token ${unknown} is not in the vocabulary of ${this.#vocabularySize}`, { field });
  }

  /** Of a text or conversation, with where its own part lies. */
  own(text: EngineCollect["texts"][number], render: EngineCollect["render"]): OwnTokens {
    if (isTokens(text)) this.tokens(text, "");
    const own = ownTokens(text, render, {
      raw: (raw) => this.tokens(null, raw),
      render: (turns) => this.conversation(turns),
      tokenize: (part) => this.#loaded.model.tokenize(part, true, true),
    });
    this.mustFit(own.tokens.length);
    return own;
  }

  /** A plain text, which begins as the model's texts do and names no special tokens; or tokens as they are. */
  plain(text: string | Int32Array): Int32Array {
    const tokens = typeof text === "string" ? this.#loaded.model.tokenize(text, true, false) : text;
    if (tokens.length === 0) throw new TillerError("invalid-params", "a text is empty", { field: "texts" });
    this.mustKnow(tokens, "texts");
    this.mustFit(tokens.length);
    return tokens;
  }

  mustFit(tokens: number): void {
    if (tokens > this.#loaded.contextSize)
      throw new TillerError("context-full", `the text has ${tokens} tokens, the context ${this.#loaded.contextSize}`);
  }
}
