/** `/v1/embeddings`: the mean over a text's tokens of what the model's last norm gives, of length 1. */
import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { EngineCollect } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { UsedEngine } from "../engines/supervisor.ts";
import { requireScope } from "../transport/auth.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { HARMLESS } from "./harmless.ts";
import { resolveTarget } from "./models.ts";
import { ourHeaders } from "./shape.ts";

/** Texts of one request. */
const MAX_TEXTS = 2048;
const TextSchema = z.string().min(1).max(4_000_000);
const TokensSchema = z.array(z.number().int().min(0).max(10_000_000)).min(1).max(1_048_576);
const INPUT_RULE = `must be a text, a list of token ids, or a list of at most ${MAX_TEXTS} of either, none empty`;

export const EmbeddingsBodySchema = z
  .object({
    model: z.string().min(1).max(200).describe("an id, or `default`"),
    input: z
      .union([TextSchema, z.array(TextSchema).min(1).max(MAX_TEXTS), TokensSchema, z.array(TokensSchema).min(1).max(MAX_TEXTS)], INPUT_RULE)
      .describe("one text, or a list of them"),
    encoding_format: z.enum(["float", "base64"]).nullish().describe("left out: `float`; `base64`: of little-endian floats"),
    dimensions: z.number().int().min(1).nullish().describe("the model's own width, or left out: vectors are not shortened"),
    ...HARMLESS,
  })
  .strict();
type Body = z.infer<typeof EmbeddingsBodySchema>;

export async function embeddings(call: HttpCall): Promise<void> {
  const { identity, response } = call;
  requireScope(identity, "generate", "this route");
  const { data: body, ignored } = await readBody(call.request, EmbeddingsBodySchema, bodyRules(call));
  const { vectors, tokens, name } = await embed(call, body.model, textsOf(body.input), body.dimensions ?? null);
  ourHeaders(response, null, ignored);
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: body.encoding_format === "base64" ? base64(vector) : Array.from(vector),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  sendJson(response, 200, { object: "list", data, model: name, usage, ...(ignored.length === 0 ? {} : { ignored }) });
}

export interface Embedded {
  /** of length 1 */
  readonly vectors: Float32Array[];
  readonly tokens: number;
  readonly name: string;
}

/** @throws TillerError; ends when the connection closes */
export async function embed(
  call: HttpCall,
  modelName: string,
  texts: readonly (string | number[])[],
  dimensions: number | null,
): Promise<Embedded> {
  const { context, response } = call;
  const { model, steering, name } = await resolveTarget(call, modelName, undefined);
  if (steering !== undefined)
    throw new TillerError("not-supported", "model: embeddings are read without steering; leave out the part after @", { field: "model" });
  const engine = await context.supervisor.acquire(model);
  const id = `embed:${randomBytes(8).toString("hex")}`;
  const gone = (): void => void engine.process.request("cancel", { id }).catch(() => undefined);
  response.once("close", gone);
  try {
    checkWidth(engine, dimensions);
    const request: EngineCollect = { id, texts: [...texts], render: "raw", site: "final", layers: [0], readAt: "all" };
    const { width, data, tokens } = await engine.process.request("collect", request);
    return { vectors: texts.map((_, i) => unit(data.subarray(i * width, (i + 1) * width))), tokens, name };
  } finally {
    response.off("close", gone);
    engine.release();
  }
}

function checkWidth({ info }: UsedEngine, dimensions: number | null): void {
  const { width } = info.facts;
  if (dimensions !== null && dimensions !== width)
    throw new TillerError("not-supported", `dimensions: the model's vectors have ${width} numbers, and are not shortened`, {
      field: "dimensions",
    });
}

export function textsOf(input: Body["input"]): (string | number[])[] {
  if (typeof input === "string") return [input];
  return typeof input[0] === "number" ? [input as number[]] : (input as string[] | number[][]);
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes.toString("base64");
}
