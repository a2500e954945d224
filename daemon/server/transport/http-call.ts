/** One authenticated HTTP request, as routes see it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { DaemonContext } from "../context.ts";
import type { Identity } from "./auth.ts";
import type { BodyRules } from "./body.ts";

/** When to come back after `overloaded`: answers are short, and whoever has to wait longer is told so again. */
export const RETRY_SECONDS = 1;

export interface HttpCall {
  readonly context: DaemonContext;
  readonly identity: Identity;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
}

export function bodyRules({ context: { config } }: HttpCall): BodyRules {
  return { limit: config.limits.messageBytes, lenient: config.lenient };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
