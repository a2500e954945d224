/** `/api/embed`, and its older form `/api/embeddings`. */
import { embed } from "../openai/embeddings.ts";
import { requireScope } from "../transport/auth.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { plainName } from "./models.ts";
import { OllamaEmbeddingsSchema, OllamaEmbedSchema } from "./schema.ts";

export async function ollamaEmbed(call: HttpCall): Promise<void> {
  requireScope(call.identity, "generate", "this route");
  const { data: body } = await readBody(call.request, OllamaEmbedSchema, bodyRules(call));
  const began = performance.now();
  const { vectors, tokens } = await embed(call, plainName(body.model), [body.input].flat(), body.dimensions ?? null);
  sendJson(call.response, 200, {
    model: body.model,
    embeddings: vectors.map((vector) => Array.from(vector)),
    total_duration: Math.round((performance.now() - began) * 1e6),
    load_duration: 0,
    prompt_eval_count: tokens,
  });
}

export async function ollamaEmbeddings(call: HttpCall): Promise<void> {
  requireScope(call.identity, "generate", "this route");
  const { data: body } = await readBody(call.request, OllamaEmbeddingsSchema, bodyRules(call));
  const { vectors } = await embed(call, plainName(body.model), [body.prompt], null);
  sendJson(call.response, 200, { embedding: Array.from(vectors[0]!) });
}
