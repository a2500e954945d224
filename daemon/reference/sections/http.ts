/** HTTP routes for other apps. */
import type * as z from "zod";
import {
  OllamaChatSchema,
  OllamaEmbeddingsSchema,
  OllamaEmbedSchema,
  OllamaGenerateSchema,
  OllamaShowSchema,
} from "../../server/ollama/schema.ts";
import { EmbeddingsBodySchema } from "../../server/openai/embeddings.ts";
import { ApplyTemplateBodySchema, DetokenizeBodySchema, TokenizeBodySchema } from "../../server/openai/prompts.ts";
import { ChatBodySchema, CompletionBodySchema } from "../../server/openai/schema.ts";
import { ResponsesBodySchema } from "../../server/responses/schema.ts";
import { ROUTES } from "../../server/transport/http.ts";
import { otherSchema } from "../api-schema.ts";
import { inputTable, markdownTable, section } from "../markdown.ts";

interface RouteDoc {
  readonly scope: string;
  readonly what: string;
  readonly body?: z.ZodType;
}

/** A route that is not described here fails the test of the reference. */
const DOCS: Readonly<Record<string, RouteDoc>> = {
  "GET /health": { scope: "no token", what: 'bare liveness: `{"status":"ok","name":"tiller","started":…}`' },
  "GET /": { scope: "no token", what: "the page, with `/main.js` and `/style.css`; the page then needs the token" },
  "GET /metrics": { scope: "`generate`", what: "counters and timings for Prometheus" },
  "GET /v1/models": { scope: "any token", what: "every usable model, and `model@preset` for each preset that fits it" },
  "GET /v1/models/{id}": { scope: "any token", what: "one of these" },
  "POST /v1/chat/completions": { scope: "`generate`", what: "an answer to a conversation; streaming with `stream`", body: ChatBodySchema },
  "POST /v1/completions": { scope: "`generate`", what: "raw text goes on; streaming with `stream`", body: CompletionBodySchema },
  "POST /v1/responses": {
    scope: "`generate`",
    what: "an answer to a conversation that the client keeps; nothing is stored",
    body: ResponsesBodySchema,
  },
  "POST /v1/embeddings": {
    scope: "`generate`",
    what: "vectors of texts: the mean of the model's `final` site over the tokens, of length 1",
    body: EmbeddingsBodySchema,
  },
  "GET /api/version": { scope: "any token", what: "the version of Ollama's interface that is spoken" },
  "GET /api/tags": {
    scope: "any token",
    what: "every usable model, and `model@preset` for each preset that fits it, for Ollama's clients",
  },
  "GET /api/ps": { scope: "any token", what: "loaded models" },
  "POST /api/show": { scope: "any token", what: "one model", body: OllamaShowSchema },
  "POST /api/chat": {
    scope: "`generate`",
    what: "an answer to a conversation, as lines of JSON unless `stream` is false",
    body: OllamaChatSchema,
  },
  "POST /api/generate": { scope: "`generate`", what: "an answer to one prompt", body: OllamaGenerateSchema },
  "POST /api/embed": { scope: "`generate`", what: "vectors of texts", body: OllamaEmbedSchema },
  "POST /api/embeddings": { scope: "`generate`", what: "its older form, of one text", body: OllamaEmbeddingsSchema },
  "POST /apply-template": {
    scope: "`generate`",
    what: "`prompt`: what the model will see of a conversation",
    body: ApplyTemplateBodySchema,
  },
  "POST /tokenize": { scope: "`generate`", what: "`tokens` of a text", body: TokenizeBodySchema },
  "POST /detokenize": { scope: "`generate`", what: "`content` of tokens, special ones as they are named", body: DetokenizeBodySchema },
  "GET /tokenizer_info": {
    scope: "`generate`",
    what: "of the default model, `bos_token`, `eos_token` and `chat_template`, as vLLM has them",
  },
};

export function http(): string {
  for (const [path, byMethod] of Object.entries(ROUTES))
    for (const method of Object.keys(byMethod))
      if (DOCS[`${method} ${path}`] === undefined) throw new Error(`${method} ${path} has no description`);
  const rows = Object.entries(DOCS).map(([route, { scope, what }]) => [`\`${route}\``, scope, what]);
  const bodies = Object.entries(DOCS).flatMap(([route, { body }]) =>
    body === undefined ? [] : [section(3, `Body of \`${route}\``, inputTable(otherSchema(body)))],
  );
  return section(
    2,
    "HTTP",
    `For clients that speak to OpenAI: base URL \`http://HOST:PORT/v1\`, the token as \`Authorization: Bearer TOKEN\`. \`model\` is an id
of \`/v1/models\`, \`model@preset\`, or \`default\`. A key that is not listed is refused by name, so nothing that is asked for is
ignored; null asks for nothing, and keys of OpenAI's that change no answer here, such as \`metadata\`, are taken. With the header
\`X-Tiller-Lenient: true\`, or \`lenient\` in the settings, unknown keys are left out and named in the answer's \`ignored\` and in
\`X-Tiller-Ignored\`. Answers carry OpenAI's fields and \`steered\`, a [SteeringReport](#steeringreport) with \`changes\`. Where the
prompt did not fit, \`overflow\` and the header \`X-Tiller-Overflow\` say how much of it was left out. In a stream our fields are in
each answer's last chunk. Pages of other origins may call when \`origins\` in the settings names them.`,
    markdownTable(["route", "scope", "what"], rows),
    `\`\`\`
curl $URL/v1/chat/completions -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"model":"default","messages":[{"role":"user","content":"How are you?"}],"steering":{"preset":"joyful","set":{"joy":0.3}}}'
\`\`\``,
    ...bodies,
  );
}
