/**
 * One list of error codes for every way in: WebSocket, HTTP, command line and engine.
 * An error says what happened (`message`), why (`reason` inside the message or `field`) and what to do (`suggestion`).
 */
import * as z from "zod";

export const ERROR_CODES = {
  /** JSON-RPC's own */
  "invalid-request": -32600,
  "unknown-method": -32601,
  "invalid-params": -32602,
  internal: -32603,
  /** ours, in the range that JSON-RPC leaves to applications */
  unauthorised: 4001,
  forbidden: 4003,
  "not-found": 4004,
  conflict: 4009,
  "too-large": 4013,
  "wrong-model": 4014,
  "unknown-control": 4015,
  "out-of-range": 4016,
  "not-steerable": 4017,
  "not-supported": 4018,
  "bad-model-file": 4019,
  "bad-preset": 4020,
  "bad-artifact": 4021,
  overloaded: 4029,
  cancelled: 4030,
  "context-full": 4031,
  "engine-crashed": 4050,
  "engine-failed": 4051,
  "shutting-down": 4053,
  "storage-failed": 4054,
  "protocol-mismatch": 4060,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export const ErrorDataSchema = z.object({
  code: z.string(),
  field: z.string().optional().describe("dotted path of the field at fault, e.g. `controls.joy.strength`"),
  suggestion: z.string().optional(),
  line: z.number().int().optional().describe("1-based position in a preset file"),
  column: z.number().int().optional(),
});
export type ErrorData = z.infer<typeof ErrorDataSchema>;

export interface ErrorDetail {
  readonly field?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** The one error class that crosses module and process boundaries. */
export class TillerError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.name = "TillerError";
    this.code = code;
    this.detail = detail;
  }

  /** The `error` member of a JSON-RPC response. */
  toWire(): { code: number; message: string; data: ErrorData } {
    const data: ErrorData = { code: this.code };
    for (const [key, value] of Object.entries(this.detail)) if (value !== undefined) Object.assign(data, { [key]: value });
    return { code: ERROR_CODES[this.code], message: this.message, data };
  }

  static fromWire(wire: { code: number; message: string; data?: unknown }): TillerError {
    const parsed = ErrorDataSchema.safeParse(wire.data);
    const named = parsed.success && Object.hasOwn(ERROR_CODES, parsed.data.code) ? (parsed.data.code as ErrorCode) : undefined;
    const byNumber = (Object.keys(ERROR_CODES) as ErrorCode[]).find((name) => ERROR_CODES[name] === wire.code);
    return new TillerError(named ?? byNumber ?? "internal", wire.message, parsed.success ? parsed.data : {});
  }

  static from(error: unknown): TillerError {
    if (error instanceof TillerError) return error;
    if (error instanceof z.ZodError) return fromZod(error, "invalid-params");
    return new TillerError("internal", error instanceof Error ? error.message : String(error));
  }
}

/** A zod failure as one sentence that names the field. */
export function fromZod(error: z.ZodError, code: ErrorCode, prefix = ""): TillerError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map(String).join(".");
  const extra = issue?.code === "unrecognized_keys" ? (issue.keys[0] ?? "") : "";
  const field = [prefix, path, extra].filter((part) => part !== "").join(".");
  const what = issue?.code === "unrecognized_keys" ? "unknown key" : (issue?.message ?? "invalid");
  return new TillerError(code, field === "" ? what : `${field}: ${what}`, { field });
}
