/** The JSON body of an HTTP request, limited in size. Browsers cannot send this content type to another site unasked. */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { setImmediate as immediate } from "node:timers/promises";
import type * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import { HIDDEN_KEY, hidesKeys, LARGE, parseJson } from "./json.ts";
import { type Known, parseKnown } from "./known-keys.ts";

/** What a request says to have its unknown keys left out, as `lenient` in the settings does for every request. */
export const LENIENT_HEADER = "x-tiller-lenient";

export interface BodyRules {
  /** bytes */
  readonly limit: number;
  /** what the settings say of unknown keys */
  readonly lenient: boolean;
}

/** @throws TillerError too-large or invalid-params, naming the field */
export async function readBody<T extends z.ZodType>(request: IncomingMessage, schema: T, rules: BodyRules): Promise<Known<z.output<T>>> {
  const [type, ...parameters] = (request.headers["content-type"] ?? "").split(";").map((part) => part.trim().toLowerCase());
  if (type !== "application/json")
    throw new TillerError("invalid-params", "content-type: must be application/json", { field: "content-type" });
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && !/^"?(?:utf-?8|us-ascii)"?$/.test(charset))
    throw new TillerError("invalid-params", "content-type: JSON is read as UTF-8 only", { field: "content-type" });
  if (request.headers["content-encoding"] !== undefined)
    throw new TillerError("invalid-params", "content-encoding: compressed bodies are not read", { field: "content-encoding" });
  const lenient = leniency(request) ?? rules.lenient;
  const text = await readText(request, rules.limit);
  const large = text.length > LARGE;
  if (large) await immediate();
  const value = parseJson(text, "body");
  if (hidesKeys(value)) throw new TillerError("invalid-params", `body: ${HIDDEN_KEY}`, { field: "__proto__" });
  if (large) await immediate();
  return parseKnown(schema, value, lenient);
}

function leniency({ headers }: IncomingMessage): boolean | null {
  const said = headers[LENIENT_HEADER];
  if (said === undefined) return null;
  if (said === "true" || said === "false") return said === "true";
  throw new TillerError("invalid-params", `${LENIENT_HEADER}: must be true or false`, { field: LENIENT_HEADER });
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
  const body = Buffer.concat(chunks);
  if (body.byteLength > LARGE) await immediate();
  // Read with replacements, another text than the one that was meant would be answered.
  if (!isUtf8(body)) throw new TillerError("invalid-params", "body: is not valid UTF-8", { field: "body" });
  return body.toString("utf8");
}
