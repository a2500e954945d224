/** JSON-RPC 2.0 messages as a client may send them: requests, and notifications that cancel. Strict, so nothing is guessed. */
import * as z from "zod";
import { fromZod, TillerError } from "../../protocol/errors.ts";
import { HIDDEN_KEY, hidesKeys, parseJson } from "./json.ts";

const IdSchema = z.union([z.string().min(1).max(128), z.number().int()]);
const RequestSchema = z
  .object({
    jsonrpc: z.literal("2.0"),
    id: IdSchema,
    method: z.string().min(1).max(128),
    params: z.record(z.string(), z.unknown()).optional(),
  })
  .strict();
const CancelSchema = z
  .object({ jsonrpc: z.literal("2.0"), method: z.literal("$/cancelRequest"), params: z.object({ id: IdSchema }).strict() })
  .strict();

export type RpcRequest = z.infer<typeof RequestSchema>;
export type RpcCancel = z.infer<typeof CancelSchema>;
export type RpcId = z.infer<typeof IdSchema>;

export type Incoming =
  | { readonly kind: "request"; readonly message: RpcRequest }
  | { readonly kind: "cancel"; readonly message: RpcCancel }
  | { readonly kind: "bad"; readonly id: RpcId | null; readonly error: TillerError };

export function readMessage(text: string): Incoming {
  let value: unknown;
  try {
    value = parseJson(text, "message");
  } catch (error) {
    const problem = TillerError.from(error);
    return bad(problem.code === "too-large" ? firstId(text) : null, problem);
  }
  if (Array.isArray(value))
    return bad(null, new TillerError("invalid-request", "message: batches are not supported", { field: "message" }));
  if (typeof value !== "object" || value === null)
    return bad(null, new TillerError("invalid-request", "message: must be an object", { field: "message" }));
  if (hidesKeys(value)) return bad(idOf(value), new TillerError("invalid-params", `message: ${HIDDEN_KEY}`, { field: "__proto__" }));
  if (Object.hasOwn(value, "id")) {
    const request = RequestSchema.safeParse(value);
    if (request.success) return { kind: "request", message: request.data };
    return bad(idOf(value), fromZod(request.error, "invalid-request"));
  }
  const cancel = CancelSchema.safeParse(value);
  return cancel.success ? { kind: "cancel", message: cancel.data } : bad(null, fromZod(cancel.error, "invalid-request"));
}

/** Of a request that is too large to be parsed: its id where it stands before the parameters, as clients write it. */
function firstId(text: string): RpcId | null {
  const match = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15}|"[^"\\]{1,128}")\s*,/.exec(text.slice(0, 300));
  return match === null ? null : (JSON.parse(match[1]!) as RpcId);
}

function idOf(value: object): RpcId | null {
  const id = IdSchema.safeParse((value as { id?: unknown }).id);
  return id.success ? id.data : null;
}

function bad(id: RpcId | null, error: TillerError): Incoming {
  return { kind: "bad", id, error };
}
