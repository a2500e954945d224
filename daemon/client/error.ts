/**
 * What a call fails with. The same shape as `TillerError` of the protocol (code, message, detail) without its schema library,
 * so that the browser bundle stays small; two codes more, for what happens before and between answers of the daemon.
 */
import type { ErrorCode, ErrorDetail } from "../protocol/errors.ts";

/** `unreachable`: no connection could be made; `disconnected`: it was lost (or the client closed) before the result came. */
export type ClientErrorCode = ErrorCode | "unreachable" | "disconnected";

export class ClientError extends Error {
  readonly code: ClientErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ClientErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message);
    this.name = "ClientError";
    this.code = code;
    this.detail = detail;
  }

  /** From the `error` member of a JSON-RPC response. A code that this version does not know stays readable as a string. */
  static fromWire(wire: unknown): ClientError {
    const { code, message, data } = record(wire);
    const detail = record(data);
    const named = typeof detail["code"] === "string" ? detail["code"] : (JSON_RPC[Number(code)] ?? "internal");
    return new ClientError(named as ClientErrorCode, typeof message === "string" ? message : "an error without a message", {
      field: text(detail["field"]),
      suggestion: text(detail["suggestion"]),
      line: number(detail["line"]),
      column: number(detail["column"]),
    });
  }
}

/** Codes of JSON-RPC itself, which a layer below the daemon's own may send without `data`. */
const JSON_RPC: Record<number, ErrorCode> = { [-32600]: "invalid-request", [-32601]: "unknown-method", [-32602]: "invalid-params" };

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
