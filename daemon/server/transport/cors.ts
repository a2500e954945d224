/**
 * Cross-origin requests of pages that the user named in `origins`, and of nobody else: the Origin header is compared as a whole,
 * and what is sent back is one of our own list.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** What a page's script may read of an answer's headers. */
const EXPOSED = "Retry-After, X-Tiller-Overflow, X-Tiller-Ignored";
/** `*` stands for every name but Authorization. */
const ALLOWED = "Authorization, Content-Type, *";
const METHODS = "GET, HEAD, POST, OPTIONS";
const REMEMBER_SECONDS = "600";

/** To the answers of every request, refusals too: a page that cannot read a refusal reports a network error. */
export function corsHeaders(origin: string | null, response: ServerResponse): void {
  response.setHeader("vary", "Origin");
  if (origin === null) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", EXPOSED);
}

/** A browser asks before it sends a token or JSON; it sends no token with the question. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader("access-control-allow-methods", METHODS);
  response.setHeader("access-control-allow-headers", ALLOWED);
  response.setHeader("access-control-max-age", REMEMBER_SECONDS);
  // asked by pages of the internet about addresses of the machine's own
  if (headers["access-control-request-private-network"] === "true") response.setHeader("access-control-allow-private-network", "true");
  response.writeHead(204).end();
}
