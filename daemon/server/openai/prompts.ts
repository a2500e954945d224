/**
 * `/apply-template`, `/tokenize`, `/detokenize`, as llama.cpp's server has them: what the model will see. The latter two also take
 * and give vLLM's words, beside its `/tokenizer_info`: with these an lm-evaluation-harness finds the model's tokens by itself.
 */
import * as z from "zod";
import type { EngineRequests } from "../../protocol/engine-api.ts";
import { renderOptions } from "../answers/request.ts";
import { askEngine } from "../handlers/render.ts";
import { requireScope } from "../transport/auth.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { messagesOf, renderOf } from "./chat.ts";
import { resolveTarget } from "./models.ts";
import { ChatBodySchema, renderBody } from "./schema.ts";

const model = z.string().min(1).max(200).default("default").describe("an id, or `default`");

const text = z.string().max(4_000_000);

export const ApplyTemplateBodySchema = z
  .object({
    model,
    messages: ChatBodySchema.shape.messages,
    ...renderBody,
    add_generation_prompt: z.boolean().nullish().describe("false: no answer is begun"),
  })
  .strict();

export const TokenizeBodySchema = z
  .object({
    model,
    content: text.optional(),
    prompt: text.optional().describe("vLLM's word for `content`; one of the two"),
    add_special: z.boolean().optional().describe("with what the model wants in front, such as BOS; left out: false"),
    add_special_tokens: z.boolean().optional().describe("vLLM's word for it"),
    parse_special: z.boolean().default(true).describe("special tokens may be named"),
    with_pieces: z.boolean().default(false).describe("each token with its text, or with its bytes where it is a part of a character"),
  })
  .strict()
  .refine(({ content, prompt }) => (content === undefined) !== (prompt === undefined), {
    message: "one text: content, or prompt",
    path: ["content"],
  });

export const DetokenizeBodySchema = z.object({ model, tokens: z.array(z.number().int().min(0).max(10_000_000)).max(1_048_576) }).strict();

export async function applyTemplate(call: HttpCall): Promise<void> {
  const { data: body } = await asked(call, ApplyTemplateBodySchema);
  const options = { ...renderOptions(renderOf(body)), addGenerationPrompt: body.add_generation_prompt ?? true };
  const rendered = await ask(call, body.model, "render", { messages: messagesOf(body.messages), options });
  sendJson(call.response, 200, { prompt: rendered.text });
}

export async function tokenize(call: HttpCall): Promise<void> {
  const { data: body } = await asked(call, TokenizeBodySchema);
  const params = {
    content: body.content ?? body.prompt ?? "",
    addSpecial: body.add_special ?? body.add_special_tokens ?? false,
    parseSpecial: body.parse_special,
  };
  const { tokens, pieces } = await ask(call, body.model, "tokenize", params);
  const withPieces = tokens.map((id, index) => ({ id, piece: pieces[index]!.bytes ?? pieces[index]!.text }));
  sendJson(call.response, 200, { tokens: body.with_pieces ? withPieces : tokens, count: tokens.length });
}

export async function detokenize(call: HttpCall): Promise<void> {
  const { data: body } = await asked(call, DetokenizeBodySchema);
  const { content } = await ask(call, body.model, "detokenize", { tokens: body.tokens });
  sendJson(call.response, 200, { content, prompt: content });
}

/** Of the default model. */
export async function tokenizerInfo(call: HttpCall): Promise<void> {
  requireScope(call.identity, "generate", "this route");
  const { bos, eos, template } = await ask(call, "default", "vocabulary", {});
  sendJson(call.response, 200, { bos_token: bos || null, eos_token: eos || null, chat_template: template || null });
}

function asked<S extends z.ZodType>(call: HttpCall, schema: S) {
  requireScope(call.identity, "generate", "this route");
  return readBody(call.request, schema, bodyRules(call));
}

async function ask<N extends "render" | "tokenize" | "detokenize" | "vocabulary">(
  call: HttpCall,
  name: string,
  request: N,
  params: EngineRequests[N][0],
): Promise<EngineRequests[N][1]> {
  const target = await resolveTarget(call, name, undefined);
  return askEngine(call.context, call.identity, target.model.id, request, params);
}
