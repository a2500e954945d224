/**
 * One engine child process: requests with answers, events, and what happens when it dies. Knows nothing of models or clients.
 */
import type { ChildProcess } from "node:child_process";
import type { EngineEvent, EngineRequestName, EngineRequests, FromEngine, ToEngine } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SentPlan, SteeringPlan } from "../../protocol/plan.ts";
import { mapPlans } from "../../protocol/rules/map-plans.ts";
import { type Log, scrub } from "../log.ts";
import { takeEngine } from "./early.ts";
import { SentPlans } from "./sent-plans.ts";

export type EngineExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly expected: boolean };

export interface EngineProcessOptions {
  readonly log: Log;
  readonly heapMegabytes: number;
  /** ended as hanging when it owes an answer and says nothing for so long; loading has a limit of its own */
  readonly hangSeconds: number;
  readonly onEvent: (event: EngineEvent) => void;
  readonly onExit: (exit: EngineExit) => void;
}

interface Pending {
  readonly name: EngineRequestName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: TillerError) => void;
}

/** Where something failed, which quotes nobody. */
const TRACE = /^\s+at |^terminate called|^\S+: GGML_ASSERT|^engine ended:/;
/** Kept of what an engine writes to stderr, for the reason of a crash. */
const TAIL_LINES = 20;

export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #options: EngineProcessOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #tail: string[] = [];
  readonly #sent = new SentPlans();
  #next = 1;
  /** from the first request that carries someone's text, what the engine says may quote it */
  #private = false;
  #ended: TillerError | null = null;
  #stopping = false;
  #heard = Date.now();
  readonly #watch: NodeJS.Timeout;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#child = takeEngine(options.heapMegabytes);
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#note(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#note(chunk));
    this.#child.on("message", (messages) => {
      for (const message of messages as FromEngine[]) {
        try {
          this.#receive(message);
        } catch (error) {
          // a fault of one listener must not cost what came with its message
          process.nextTick(() => {
            throw error;
          });
        }
      }
    });
    this.#child.on("error", (error) => this.#end(null, null, error.message));
    this.#child.on("exit", (code, signal) => this.#end(code, signal));
    this.#watch = setInterval(() => this.#check(), options.hangSeconds * 250).unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#ended === null;
  }

  /** Of what the engine wrote last: where it failed. Texts of errors are left out, they may quote a prompt. */
  get traces(): readonly string[] {
    return this.#tail.filter((line) => TRACE.test(line));
  }

  /** @throws TillerError of the engine, or engine-crashed when it dies before it answers */
  request<N extends EngineRequestName>(name: N, params: EngineRequests[N][0]): Promise<EngineRequests[N][1]> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#next++;
    if (name !== "load" && name !== "estimate") this.#private = true;
    if (this.#pending.size === 0) this.#heard = Date.now();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { name, resolve: resolve as (result: unknown) => void, reject });
      const failed = (error: Error | null): void => {
        if (error === null || !this.#pending.delete(id)) return;
        reject(new TillerError("engine-crashed", "the engine of this model cannot be reached"));
      };
      try {
        const packed = mapPlans<N, SteeringPlan, SentPlan>(params, (plan) => this.#sent.pack(plan));
        this.#child.send({ type: "request", id, name, params: packed } as ToEngine, failed);
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Lets it finish for `graceMs`, then ends it. Resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    if (this.#ended !== null) return;
    this.#stopping = true;
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    if (graceMs > 0) {
      await Promise.race([this.request("drain", {}).catch(() => undefined), gone, delay(graceMs)]);
    }
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill("SIGTERM");
    await Promise.race([gone, delay(1000)]);
    if (this.#ended === null) this.#child.kill("SIGKILL");
    await gone;
  }

  /** Ends it at once, as a crash. */
  kill(reason: string): void {
    this.#options.log.warn(`engine ${this.pid}: ended: ${reason}`);
    this.#tail.push(`engine ended: ${reason}`);
    this.#child.kill("SIGKILL");
  }

  /** A grammar, a template or a text can keep an engine busy for ever; everyone else's answers wait behind it. */
  #check(): void {
    const silent = (Date.now() - this.#heard) / 1000;
    const owes = [...this.#pending.values()].some(({ name }) => name !== "load" && name !== "estimate");
    if (owes && !this.#stopping && silent > this.#options.hangSeconds) this.kill(`it did not answer for ${Math.round(silent)} s`);
  }

  #receive(message: FromEngine): void {
    this.#heard = Date.now();
    if (message.type === "event") {
      this.#options.onEvent(message);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    if (message.type === "result") pending.resolve(message.result);
    else pending.reject(fromEngine(message.error));
  }

  #note(chunk: Buffer): void {
    for (const line of chunk.toString("utf8").split("\n")) {
      if (line.trim() === "") continue;
      if (this.#private && !TRACE.test(line)) continue;
      const clean = scrub(line.slice(0, 400));
      this.#options.log.debug(`engine ${this.pid}: ${clean}`);
      this.#tail.push(clean);
      if (this.#tail.length > TAIL_LINES) this.#tail.shift();
    }
  }

  #end(code: number | null, signal: NodeJS.Signals | null, why?: string): void {
    if (this.#ended !== null) return;
    clearInterval(this.#watch);
    const how = why ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
    this.#ended = this.#stopping
      ? new TillerError("shutting-down", "the model was unloaded")
      : new TillerError("engine-crashed", `the engine of this model ended unexpectedly (${how})`, {
          suggestion: "It is being started again; send the request again.",
        });
    const unusable = new TillerError(
      "engine-crashed",
      `llama.cpp cannot use this model: ${lastWords(this.#tail) ?? `it ended its process (${how})`}`,
      {
        suggestion: "It would end in the same way again. Look for another file of this model, or a newer one.",
      },
    );
    for (const { name, reject } of this.#pending.values()) reject(name === "load" && !this.#stopping ? unusable : this.#ended);
    this.#pending.clear();
    this.#options.onExit({ code, signal, expected: this.#stopping });
  }
}

/** What llama.cpp or ggml said where it ended the process: "file:line: what". */
function lastWords(tail: readonly string[]): string | null {
  for (const line of [...tail].reverse()) {
    const match = /([^/\\\s]+\.(?:c|cpp|h|cu|m|metal):\d+): (.+)$/.exec(line);
    if (match !== null) return `${match[2]} (${match[1]})`;
    if (line.startsWith("engine ended: ")) return line.slice("engine ended: ".length);
  }
  return null;
}

/** What an engine did not foresee is told to the client that asked, whose own text it may quote, and is not logged. */
function fromEngine(wire: { code: number; message: string; data: unknown }): TillerError {
  const error = TillerError.fromWire({ ...wire, message: scrub(wire.message) });
  return error.code === "internal"
    ? new TillerError("engine-failed", `the engine of this model failed: ${error.message.slice(0, 300)}`)
    : error;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
