/** HTTP routes: the page, `/health`, `/metrics` and the OpenAI-style interface. No state changes on GET; CORS for named origins only. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type ErrorCode, TillerError } from "../../protocol/errors.ts";
import type { DaemonContext } from "../context.ts";
import { ollamaChat, ollamaGenerate } from "../ollama/answer.ts";
import { ollamaEmbed, ollamaEmbeddings } from "../ollama/embed.ts";
import { ps, show, tags, version } from "../ollama/models.ts";
import { chatCompletions } from "../openai/chat.ts";
import { textCompletions } from "../openai/completions.ts";
import { embeddings } from "../openai/embeddings.ts";
import { openAiError } from "../openai/errors.ts";
import { getModel, listModels } from "../openai/models.ts";
import { applyTemplate, detokenize, tokenize, tokenizerInfo } from "../openai/prompts.ts";
import { responses } from "../responses/responses.ts";
import { type Auth, allows, type Identity, requireScope } from "./auth.ts";
import { answerPreflight, corsHeaders, isPreflight } from "./cors.ts";
import { cleanError } from "./dispatch.ts";
import type { Gate } from "./gate.ts";
import { type HttpCall, RETRY_SECONDS, sendJson } from "./http-call.ts";
import { noRoute } from "./not-found.ts";
import { answerSignIn } from "./page-sign-in.ts";
import { isPagePath, servePage } from "./static.ts";

type Route = (call: HttpCall) => Promise<void>;

export const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  "/metrics": { GET: metrics },
  "/v1/models": { GET: listModels },
  "/v1/chat/completions": { POST: chatCompletions },
  "/v1/completions": { POST: textCompletions },
  "/v1/responses": { POST: responses },
  "/v1/embeddings": { POST: embeddings },
  "/api/version": { GET: version },
  "/api/tags": { GET: tags },
  "/api/ps": { GET: ps },
  "/api/show": { POST: show },
  "/api/chat": { POST: ollamaChat },
  "/api/generate": { POST: ollamaGenerate },
  "/api/embed": { POST: ollamaEmbed },
  "/api/embeddings": { POST: ollamaEmbeddings },
  "/apply-template": { POST: applyTemplate },
  "/tokenize": { POST: tokenize },
  "/detokenize": { POST: detokenize },
  "/tokenizer_info": { GET: tokenizerInfo },
};
const MODEL_PREFIX = "/v1/models/";

/** HTTP status of an error; 400 for those that are not here. */
export const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorised: 401,
  forbidden: 403,
  "not-found": 404,
  "unknown-method": 404,
  conflict: 409,
  "too-large": 413,
  overloaded: 429,
  internal: 500,
  "engine-crashed": 502,
  "engine-failed": 500,
  "shutting-down": 503,
  "storage-failed": 507,
};

/** @param health what anyone may know */
export function createHttpHandler(
  context: DaemonContext,
  auth: Auth,
  gate: Gate,
  health: object,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("referrer-policy", "no-referrer");
    corsHeaders(auth.namedOrigin(request), response);
    noticeHalfClose(request, response);
    if (isHealth(request)) return sendJson(response, 200, health);
    handle(context, auth, gate, request, response).catch((error: unknown) => {
      const clean = cleanError(error, context.log, "an HTTP request");
      context.metrics.request(labelOf(request), clean.code);
      sendError(request, response, clean);
    });
  };
}

/** How long the system has to say that nobody takes what was sent. */
const RESET_MS = 100;
const PROBE_MAX_MS = 5000;

/**
 * A client that closed its own side may still wait for the answer, or may be gone: both look the same until something is sent.
 * An interim response is. Who waits takes no notice of it; who is gone answers with a reset, which the next one meets.
 */
function noticeHalfClose({ socket, httpVersionMinor }: IncomingMessage, response: ServerResponse): void {
  if (httpVersionMinor === 0) return;
  let timer: NodeJS.Timeout | undefined;
  let wait = RESET_MS;
  const probe = (): void => {
    if (response.headersSent || response.destroyed) return;
    response.writeProcessing();
    timer = setTimeout(probe, wait);
    wait = Math.min(wait * 2, PROBE_MAX_MS);
  };
  socket.once("end", probe);
  response.once("close", () => {
    socket.off("end", probe);
    clearTimeout(timer);
  });
}

/** An extension or a monitor may ask for bare liveness under any name and without a token. */
function isHealth(request: IncomingMessage): boolean {
  return pathOf(request) === "/health" && (request.method === "GET" || request.method === "HEAD");
}

async function handle(context: DaemonContext, auth: Auth, gate: Gate, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = pathOf(request);
  const method = request.method ?? "";
  const reading = method === "GET" || method === "HEAD";
  const isPage = isPagePath(path) && reading;
  auth.checkRoute(request, isPage);
  if (isPreflight(request) && auth.namedOrigin(request) !== null) return answerPreflight(request, response);
  if (isPage) return servePage(context.paths.webview, path, request.headers.host!, response, method === "GET");
  if (await answerSignIn(path, { auth, pages: context.pages }, request, response)) return;
  const identity = auth.fromHttp(request);
  response.once("close", enter(gate, request, response, identity));
  const route = path.startsWith(MODEL_PREFIX) ? { GET: getModel } : Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (route === undefined) {
    const error = noRoute(path, `http://${request.headers.host!}`, Object.keys(ROUTES));
    context.metrics.request(labelOf(request), error.code);
    // sent as it is: the client's own path is no secret, and other errors lose everything that looks like a file's
    sendError(request, response, error);
    return;
  }
  // Node leaves out the body of an answer to HEAD.
  const asked = method === "HEAD" ? "GET" : method;
  const run = Object.hasOwn(route, asked) ? (route as Readonly<Record<string, Route>>)[asked] : undefined;
  if (run === undefined) {
    const allowed = Object.keys(route).flatMap((one) => (one === "GET" ? [one, "HEAD"] : [one]));
    response.setHeader("allow", allowed.join(", "));
    sendError(
      request,
      response,
      new TillerError("invalid-request", `${method.slice(0, 20)} is not possible at ${path}; ${allowed.join(" or ")} is`),
      405,
    );
    return;
  }
  await run({ context, identity, request, response, path });
  context.metrics.request(labelOf(request), "ok");
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?")[0]!;
}

function enter(gate: Gate, request: IncomingMessage, response: ServerResponse, identity: Identity): () => void {
  try {
    return gate.enter(request.socket, identity);
  } catch (error) {
    response.setHeader("connection", "close");
    throw error;
  }
}

/** Of the paths only those that we know become labels. */
function labelOf(request: IncomingMessage): string {
  const path = pathOf(request);
  if (path.startsWith(MODEL_PREFIX)) return `${MODEL_PREFIX}…`;
  return Object.hasOwn(ROUTES, path) ? path : "unknown";
}

async function metrics({ context, identity, response }: HttpCall): Promise<void> {
  if (!allows(identity, "admin")) requireScope(identity, "generate", "/metrics");
  const text = await context.metrics.text();
  response.writeHead(200, { "content-type": context.metrics.contentType, "cache-control": "no-store" });
  response.end(text);
}

/** Ollama's clients read the text alone. */
const isOllama = (path: string): boolean => path.startsWith("/api/");

function sendError(request: IncomingMessage, response: ServerResponse, error: TillerError, status = STATUS[error.code] ?? 400): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (status === 401) response.setHeader("www-authenticate", "Bearer");
  if (status === 429) response.setHeader("retry-after", RETRY_SECONDS);
  // What is left of a refused body is not read, so the connection cannot be used again.
  if (status === 413) response.setHeader("connection", "close");
  const told = openAiError(error);
  sendJson(response, status, { error: isOllama(pathOf(request)) ? told.message : told });
}
