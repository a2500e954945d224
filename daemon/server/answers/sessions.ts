/**
 * Running answers of all clients: from request to engine and back, with steering that may change on the way, cancelling, and
 * a clear end when the engine or the daemon goes away. Knows no sockets: each answer has a sink.
 */

import { sequencesOf } from "../../compiler/decoding.ts";
import type { Answer, ChatParams, CompleteParams, Token } from "../../protocol/api/generate.ts";
import type { NotificationParams } from "../../protocol/api/index.ts";
import type { EngineEvent, EngineEvents } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringReport } from "../../protocol/plan.ts";
import type { StoredModel } from "../../store/models.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import type { Supervisor } from "../engines/supervisor.ts";
import type { Metrics } from "../metrics.ts";
import { OWNER } from "../transport/auth.ts";
import { engineRequest } from "./request.ts";
import type { ActiveSteering, SteeringCompiler } from "./steering.ts";

/** Where an answer's events go. */
export interface AnswerSink {
  start(params: NotificationParams<"generate.start">): void;
  tokens(stream: string, tokens: EngineEvents["tokens"]["tokens"]): void;
  steering(params: NotificationParams<"generate.steering">): void;
  /** the answer ended without a result */
  end(params: NotificationParams<"generate.end">): void;
}

export type AnswerParams = ChatParams | CompleteParams;

interface Session {
  readonly id: string;
  readonly client: string;
  readonly stream: string;
  readonly model: StoredModel;
  readonly sink: AnswerSink;
  readonly ended: AbortController;
  /** as they came, without rows of logits */
  readonly tokens: Token[];
  active: ActiveSteering | null;
  /** null until the engine has the request */
  engine: LoadedEngine | null;
  /** its prompt is being read, or it is being written; before that it waits for the model or for its turn */
  runs: boolean;
  /** what the engine has not taken or refused yet */
  moving: Readonly<Record<string, number>> | null;
  /** what follows it, for all who asked meanwhile */
  next: Waiting | null;
}

interface Waiting {
  readonly set: Readonly<Record<string, number>>;
  readonly done: Promise<SteeringReport>;
  readonly go: (sent: Promise<SteeringReport>) => void;
}

export interface SessionHooks {
  /** called once the engine is known and before it gets the request (live subscriptions are set up here) */
  beforeGenerate(id: string, engine: LoadedEngine): Promise<void>;
  afterGenerate(id: string): void;
}

export interface QueueLimits {
  /** answers that wait per model, beyond those that run */
  readonly queue: number;
  /** answers of one app's token that run or wait per model */
  readonly queuePerToken: number;
  /** how long an engine may take no notice of a cancelled answer */
  readonly cancelSeconds: number;
}

/** Beyond this an engine counts as stuck, as far as a cancelled answer goes. */
const CANCEL_MS = 2000;

export class Sessions {
  readonly #supervisor: Supervisor;
  readonly #steering: SteeringCompiler;
  readonly #metrics: Metrics;
  readonly #limits: QueueLimits;
  readonly #sessions = new Map<string, Session>();
  hooks: SessionHooks | null = null;
  #closing = false;

  constructor(supervisor: Supervisor, steering: SteeringCompiler, metrics: Metrics, limits: QueueLimits) {
    this.#supervisor = supervisor;
    this.#steering = steering;
    this.#metrics = metrics;
    this.#limits = limits;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Runs an answer to its end. @throws TillerError; after `sink.end` when the answer had been accepted */
  async run(client: string, params: AnswerParams, model: StoredModel, sink: AnswerSink): Promise<Answer> {
    const session = this.#open(client, params, model, sink);
    const done = this.#metrics.answerStarted(model.id);
    let release: (() => void) | undefined;
    try {
      const engine = await abortable(this.#supervisor.acquire(model), session.ended.signal, (late) => late.release());
      release = engine.release;
      await this.hooks?.beforeGenerate(session.id, engine);
      session.ended.signal.throwIfAborted();
      // From here to the request nothing waits, so a slider that moves is either in the plan or sent after it.
      const request = engineRequest(session.id, params, session.active, engine, this.#steering);
      session.engine = engine;
      const result = await abortable(engine.process.request("generate", request), session.ended.signal);
      done(result.reason, result.stats.answerTokens, result.stats.promptTokens);
      return { ...result, tokens: session.tokens, stream: params.stream, model: model.id };
    } catch (error) {
      const problem = TillerError.from(error);
      done(problem.code, 0, 0);
      if (problem.code === "cancelled" && session.engine === null) return unbegun(params.stream, model.id);
      sink.end({ stream: params.stream, reason: endReason(problem), message: problem.message });
      throw problem;
    } finally {
      this.#sessions.delete(session.id);
      this.hooks?.afterGenerate(session.id);
      release?.();
    }
  }

  /** Moves sliders; resolves when the engine has taken them. */
  async steer(client: string, stream: string, set: Record<string, number>): Promise<SteeringReport> {
    const session = this.#find(client, stream);
    if (session.active === null) {
      throw new TillerError("unknown-control", "this answer was started without a preset or rack, so it has no controls", {
        field: "stream",
        suggestion: "Start it with the preset or rack, its controls at 0 if need be.",
      });
    }
    if (session.engine === null) {
      // Not with the engine yet: the request will carry the new strengths. They are checked then.
      for (const name of Object.keys(set)) {
        if (!Object.hasOwn(session.active.rack.controls, name))
          throw new TillerError("unknown-control", `unknown control '${name}'`, { field: `set.${name}` });
      }
      session.active = { ...session.active, set: { ...session.active.set, ...set } };
      return { steered: false, summary: "NOT steered yet: the answer waits for its model", controls: [] };
    }
    return session.moving === null ? this.#send(session, set) : this.#follow(session, session.engine, set);
  }

  /** One change at a time is with the engine: the next one builds on it only once it was taken. */
  async #send(session: Session, set: Readonly<Record<string, number>>): Promise<SteeringReport> {
    const next = moved(session.active!, set);
    const engine = session.engine!;
    const { plan } = this.#steering.compile(next, engine);
    session.moving = set;
    try {
      await engine.process.request("steer", { id: session.id, plan, controls: set });
      session.active = next;
      return plan.report;
    } finally {
      session.moving = null;
      const waiting = session.next;
      session.next = null;
      waiting?.go(this.#send(session, waiting.set));
    }
  }

  /** What comes while a change is with the engine becomes one change: a slider that is dragged is sent where it stands. */
  #follow(session: Session, engine: LoadedEngine, set: Readonly<Record<string, number>>): Promise<SteeringReport> {
    const { next } = session;
    const together = { ...next?.set, ...set };
    // a mistake is told to whom it belongs, before others' changes go with it
    this.#steering.compile(moved(session.active!, { ...session.moving, ...together }), engine);
    const waiting = next ?? waitingChange();
    session.next = { ...waiting, set: together };
    return waiting.done;
  }

  /** false: there is no such answer (any more). */
  async cancel(client: string, stream: string): Promise<boolean> {
    const session = this.#sessions.get(idOf(client, stream));
    return session === undefined ? false : this.#cancel(session);
  }

  /** The client is gone. */
  cancelAll(client: string): void {
    for (const session of this.#sessions.values()) if (session.client === client) this.#cancel(session).catch(() => undefined);
  }

  engineOf(client: string, stream: string): LoadedEngine | null {
    return this.#sessions.get(idOf(client, stream))?.engine ?? null;
  }

  count(model: string): { running: number; queued: number } {
    let running = 0;
    let queued = 0;
    for (const session of this.#sessions.values()) {
      if (session.model.id !== model) continue;
      if (session.runs) running++;
      else queued++;
    }
    return { running, queued };
  }

  onEngineEvent(model: string, event: EngineEvent<"started" | "tokens" | "steering">): void {
    const session = this.#sessions.get(event.params.id);
    if (session === undefined || session.ended.signal.aborted) return;
    const { stream, sink } = session;
    switch (event.name) {
      case "started": {
        session.runs = true;
        const { id: _, ...rest } = event.params;
        sink.start({ stream, model, ...rest });
        break;
      }
      case "tokens":
        for (const { logits: _, ...token } of event.params.tokens) session.tokens.push(token);
        sink.tokens(stream, event.params.tokens);
        break;
      case "steering": {
        const { id: _, ...rest } = event.params;
        sink.steering({ stream, ...rest });
      }
    }
  }

  /** No more answers; those that run get `graceMs`, the rest end with the event `shutting-down`. */
  async drain(graceMs: number): Promise<void> {
    this.#closing = true;
    const until = Date.now() + graceMs;
    while (this.#sessions.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const session of this.#sessions.values()) {
      session.engine?.process.request("cancel", { id: session.id }).catch(() => undefined);
      session.ended.abort(new TillerError("shutting-down", "the daemon is stopping", { suggestion: "Connect again later." }));
    }
    while (this.#sessions.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #open(client: string, params: AnswerParams, model: StoredModel, sink: AnswerSink): Session {
    if (this.#closing) throw new TillerError("shutting-down", "the daemon is stopping", { suggestion: "Connect again later." });
    const id = idOf(client, params.stream);
    if (this.#sessions.has(id))
      throw new TillerError("conflict", `stream '${params.stream}' is in use by a running answer`, { field: "stream" });
    const sequences = this.#supervisor.slots().find((slot) => slot.model.id === model.id)?.loaded?.info.sequences ?? 8;
    const { running, queued } = this.count(model.id);
    const [account] = client.split("/", 1);
    const own = [...this.#sessions.values()].filter((other) => other.model.id === model.id && other.client.startsWith(`${account}/`));
    const active = this.#steering.resolve(params.steering, model);
    const asked = sequencesOf(active?.rack.decoding);
    const held = own.reduce((sum, other) => sum + sequencesOf(other.active?.rack.decoding), 0);
    const refuse = (count: number, whose: string): never => {
      throw new TillerError("overloaded", `${count} answers of ${model.id}${whose} run or wait already`, {
        suggestion: "Try again in a moment.",
      });
    };
    if (running + queued >= sequences + this.#limits.queue) refuse(running + queued, "");
    // each further stream and each candidate counts as an answer does: it takes a sequence as one
    if (account !== OWNER && held + asked > this.#limits.queuePerToken) refuse(held, " for this token");
    const session: Session = {
      id,
      client,
      stream: params.stream,
      model,
      sink,
      ended: new AbortController(),
      tokens: [],
      active,
      engine: null,
      moving: null,
      next: null,
      runs: false,
    };
    this.#sessions.set(id, session);
    return session;
  }

  async #cancel(session: Session): Promise<boolean> {
    const { engine } = session;
    if (engine !== null) return this.#cancelRunning(session, engine.process);
    session.ended.abort(new TillerError("cancelled", "the answer was cancelled before it began"));
    return true;
  }

  /**
   * An engine answers this at once, whatever it computes, unless it is stuck: then the answer ends here, and the engine, which
   * holds up everyone else, gets a while to come back.
   */
  async #cancelRunning(session: Session, engine: LoadedEngine["process"]): Promise<boolean> {
    const stuck = setTimeout(
      () => session.ended.abort(new TillerError("cancelled", "the answer was cancelled; its engine does not react")),
      CANCEL_MS,
    );
    const ended = setTimeout(() => {
      if (engine.alive) engine.kill(`it took no notice of a cancelled answer for ${this.#limits.cancelSeconds} s`);
    }, this.#limits.cancelSeconds * 1000).unref();
    const asked = engine.request("cancel", { id: session.id }).finally(() => {
      clearTimeout(stuck);
      clearTimeout(ended);
    });
    try {
      return (await abortable(asked, session.ended.signal)).cancelled;
    } catch (error) {
      if (session.ended.signal.aborted) return true;
      throw error;
    }
  }

  #find(client: string, stream: string): Session {
    const session = this.#sessions.get(idOf(client, stream));
    if (session !== undefined) return session;
    throw new TillerError("not-found", `there is no running answer '${stream}' of this client`, { field: "stream" });
  }
}

function moved(active: ActiveSteering, set: Readonly<Record<string, number>>): ActiveSteering {
  return { ...active, set: { ...active.set, ...set } };
}

function waitingChange(): Pick<Waiting, "done" | "go"> {
  let go!: Waiting["go"];
  const done = new Promise<SteeringReport>((resolve) => {
    go = resolve;
  });
  return { done, go };
}

export function idOf(client: string, stream: string): string {
  return `${client}:${stream}`;
}

function endReason(problem: TillerError): NotificationParams<"generate.end">["reason"] {
  if (problem.code === "engine-crashed" || problem.code === "shutting-down" || problem.code === "cancelled") return problem.code;
  return problem.code === "context-full" ? "context" : "error";
}

/** What a cancelled answer gives that never reached its engine. */
function unbegun(stream: string, model: string): Answer {
  return {
    stream,
    model,
    text: "",
    reasoning: null,
    tokens: [],
    reason: "cancelled",
    steered: { steered: false, summary: "NOT steered: the answer was cancelled before it began", controls: [] },
    changes: [],
    overflow: null,
    seed: 0,
    numerics: null,
    stats: {
      promptTokens: 0,
      reusedTokens: 0,
      answerTokens: 0,
      reasoningTokens: 0,
      queueMs: 0,
      firstTokenMs: 0,
      totalMs: 0,
      tokensPerSecond: 0,
    },
  };
}

/** The promise, or the signal's reason as soon as it is given; what comes too late goes to `late`. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise
      .then((value) => {
        if (signal.aborted) late?.(value);
        else resolve(value);
      }, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
