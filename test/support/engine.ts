/** A real engine process, as the daemon starts one. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Answer, Token } from "../../daemon/protocol/api/generate.ts";
import { type LoadOptions, LoadOptionsSchema } from "../../daemon/protocol/api/model.ts";
import type {
  EngineEvent,
  EngineEventName,
  EngineEvents,
  EngineGenerate,
  EngineModel,
  EngineRequestName,
  EngineRequests,
  FromEngine,
} from "../../daemon/protocol/engine-api.ts";
import { TillerError } from "../../daemon/protocol/errors.ts";
import type { SentPlan, SteeringPlan } from "../../daemon/protocol/plan.ts";
import { mapPlans } from "../../daemon/protocol/rules/map-plans.ts";
import { SentPlans } from "../../daemon/server/engines/sent-plans.ts";
import { requestOf } from "./plans.ts";
import { REPOSITORY } from "./shared.ts";

export type EngineAnswer = Omit<Answer, "stream" | "model">;

/** F32 cache, so that comparisons between batches are as tight as the arithmetic allows. */
export function options(changes: Partial<LoadOptions> = {}): LoadOptions {
  return LoadOptionsSchema.parse({ kvType: "f32", gpuLayers: 0, sequences: 4, contextSize: 512, threads: 1, ...changes });
}

export class EngineUnderTest {
  readonly child: ChildProcess;
  readonly events: EngineEvent[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stderr = "";
  model: EngineModel | null = null;
  readonly #pending = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #sent = new SentPlans();
  #next = 1;

  constructor() {
    this.child = fork(join(REPOSITORY, "dist", "daemon", "engine", "main.js"), [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.on("message", (messages) => {
      for (const message of messages as FromEngine[]) this.#receive(message);
    });
    this.exited = once(this.child, "exit").then(([code, signal]) => {
      for (const pending of this.#pending.values())
        pending.reject(new Error(`the engine ended (${code ?? signal}): ${this.stderr.slice(-2000)}`));
      this.#pending.clear();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  static async load(path: string, changes: Partial<LoadOptions> = {}): Promise<EngineUnderTest> {
    const engine = new EngineUnderTest();
    try {
      engine.model = await engine.request("load", { path, options: options(changes), template: null, threads: {} });
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  request<N extends EngineRequestName>(name: N, params: EngineRequests[N][0]): Promise<EngineRequests[N][1]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.child.send({ type: "request", id, name, params: mapPlans<N, SteeringPlan, SentPlan>(params, (plan) => this.#sent.pack(plan)) });
    });
  }

  /** With its tokens as events brought them. */
  async generate(changes: Partial<EngineGenerate>): Promise<EngineAnswer> {
    const request = requestOf(changes);
    const from = this.events.length;
    const result = await this.request("generate", request);
    const own = this.events
      .slice(from)
      .flatMap((event) => (event.name === "tokens" && event.params.id === request.id ? event.params.tokens : []));
    return { ...result, tokens: own };
  }

  /** Calls back on every event from now on, until the returned function is called. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first event from now on that the test accepts. */
  event<N extends EngineEventName>(name: N, accept: (params: EngineEvents[N]) => boolean = () => true): Promise<EngineEvents[N]> {
    return new Promise((resolve) => {
      const stop = this.listen((event) => {
        if (event.name !== name || !accept(event.params as EngineEvents[N])) return;
        stop();
        resolve(event.params as EngineEvents[N]);
      });
    });
  }

  /** Tokens of an answer as its events brought them. */
  streamed(id: string): Token[] {
    return this.events.flatMap((event) => (event.name === "tokens" && event.params.id === id ? event.params.tokens : []));
  }

  async stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGTERM");
    return this.exited;
  }

  #receive(message: FromEngine): void {
    if (message.type === "event") {
      const event: EngineEvent = message;
      this.events.push(event);
      for (const listener of [...this.#listeners]) listener(event);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === "result") pending?.resolve(message.result);
    else pending?.reject(TillerError.fromWire(message.error));
  }
}

export const idsOf = (answer: EngineAnswer): number[] => answer.tokens.map((token) => token.id);

/** max|a−b| / max|b| */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    size = Math.max(size, Math.abs(b[i]!));
  }
  return difference / size;
}
