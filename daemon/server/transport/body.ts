/** The JSON body of an HTTP request, limited in size. Browsers cannot send this content type to another site unasked. */
import type { IncomingMessage } from "node:http";
import type * as z from "zod";
import { fromZod, TillerError } from "../../protocol/errors.ts";
import { HIDDEN_KEY, hidesKeys, parseJson } from "./json.ts";

/** @throws TillerError too-large or invalid-params, naming the field */
export async function readBody<T extends z.ZodType>(request: IncomingMessage, schema: T, limit: number): Promise<z.output<T>> {
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    throw new TillerError("invalid-params", "content-type: must be application/json", { field: "content-type" });
  if (request.headers["content-encoding"] !== undefined)
    throw new TillerError("invalid-params", "content-encoding: compressed bodies are not read", { field: "content-encoding" });
  const text = await readText(request, limit);
  const value = parseJson(text, "body");
  if (hidesKeys(value, text)) throw new TillerError("invalid-params", `body: ${HIDDEN_KEY}`, { field: "__proto__" });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "invalid-params");
  return parsed.data;
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = (): TillerError => new TillerError("too-large", `body: at most ${limit} bytes`, { field: "body" });
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
