/** From a method's name and raw parameters to its handler: known method, scope, schema, handler, checked result, clean error. */
import { setImmediate as immediate } from "node:timers/promises";
import * as z from "zod";
import { METHODS, type MethodName, type Params, type Result } from "../../protocol/api/index.ts";
import { fromZod, TillerError } from "../../protocol/errors.ts";
import { type Log, scrub } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { requireScope } from "./auth.ts";
import type { Client } from "./client.ts";

export interface Call {
  readonly client: Client;
  /** aborted when the caller cancels the request or goes away */
  readonly signal: AbortSignal;
}

/** Handlers only hand results on, so they may give read-only ones. */
type ReadonlyDeep<T> = T extends (infer E)[]
  ? readonly ReadonlyDeep<E>[]
  : T extends object
    ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> }
    : T;
export type Returned<M extends MethodName> = ReadonlyDeep<Result<M>>;
export type Handler<M extends MethodName> = (params: Params<M>, call: Call) => Returned<M> | Promise<Returned<M>>;
export type Handlers = { readonly [M in MethodName]: Handler<M> };

export class Dispatcher {
  readonly #handlers: Handlers;
  readonly #log: Log;
  readonly #metrics: Metrics;

  constructor(handlers: Handlers, log: Log, metrics: Metrics) {
    this.#handlers = handlers;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** @throws TillerError, without paths or prompts */
  async call(method: string, params: unknown, call: Call): Promise<unknown> {
    const known = isMethod(method);
    try {
      if (!known) throw new TillerError("unknown-method", `method: there is no '${method.slice(0, 80)}'`, { field: "method" });
      if (method !== "daemon.hello" && call.client.name === null) {
        throw new TillerError("invalid-request", "method: the first call must be daemon.hello", { field: "method" });
      }
      const result = await this.#run(method, params, call);
      this.#metrics.request(method, "ok");
      return result;
    } catch (error) {
      const clean = cleanError(error, this.#log, known ? method : "an unknown method");
      this.#metrics.request(known ? method : "unknown", clean.code);
      throw clean;
    }
  }

  async #run<M extends MethodName>(method: M, raw: unknown, call: Call): Promise<Result<M>> {
    const spec = METHODS[method];
    requireScope(call.client.identity, spec.scope, method);
    const params = spec.params.safeParse(raw ?? {});
    if (!params.success) throw fromZod(params.error, "invalid-params");
    const handler: Handler<M> = this.#handlers[method];
    const result = await handler(params.data as Params<M>, call);
    const checked = await checkResult(spec.result, result);
    if (checked.success) return checked.data as Result<M>;
    this.#log.error(`${method} gave a result that does not match its schema: ${checked.error.issues[0]?.path.join(".")}`);
    throw new TillerError("internal", `${method} gave a result that does not match the protocol`);
  }
}

/** Items of a list that are checked in one turn of the event loop. */
const AT_ONCE = 32;

/** A long list in a result is checked in parts, between which others have their turns. */
async function checkResult<T extends z.ZodType>(schema: T, result: unknown): Promise<z.ZodSafeParseResult<z.output<T>>> {
  if (!(schema instanceof z.ZodObject) || typeof result !== "object" || result === null) return schema.safeParse(result);
  const lists: Record<string, unknown[]> = {};
  for (const [key, items] of Object.entries(result)) {
    const list = (schema.shape as Record<string, unknown>)[key];
    if (!Array.isArray(items) || items.length <= AT_ONCE || !(list instanceof z.ZodArray)) continue;
    lists[key] = [];
    for (let from = 0; from < items.length; from += AT_ONCE) {
      if (from > 0) await immediate();
      const part = list.safeParse(items.slice(from, from + AT_ONCE));
      if (!part.success) return part as unknown as z.ZodSafeParseResult<z.output<T>>;
      lists[key].push(...(part.data as unknown[]));
    }
  }
  const rest = schema.safeParse({ ...result, ...Object.fromEntries(Object.keys(lists).map((key) => [key, []])) });
  if (rest.success) Object.assign(rest.data as object, lists);
  return rest;
}

export function isMethod(method: string): method is MethodName {
  return Object.hasOwn(METHODS, method);
}

/** An error that may go to a client. What we did not foresee is logged by its place in the code, never by its text. */
export function cleanError(error: unknown, log: Log, what: string): TillerError {
  if (error instanceof TillerError && error.code !== "internal") return new TillerError(error.code, scrub(error.message), error.detail);
  if (error instanceof Error) {
    const frames = (error.stack ?? "")
      .split("\n")
      .filter((line) => line.trimStart().startsWith("at "))
      .slice(0, 6);
    log.error(`${what} failed: ${error.name} ${frames.map((frame) => frame.trim()).join(" ")}`);
  }
  return new TillerError("internal", "an internal error; the daemon's log says where", { suggestion: "Please report it." });
}
