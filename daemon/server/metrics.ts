/** Counters and gauges for `/metrics` (Prometheus text). No label holds anything that a client wrote freely. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface LiveNumbers {
  readonly clients: number;
  /** bytes that clients have not taken yet, all together */
  readonly waitingBytes: number;
  readonly models: readonly { model: string; running: number; queued: number; tokensPerSecond: number; kvUsed: number; loaded: boolean }[];
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"method" | "outcome">;
  readonly #answers: Counter<"model" | "reason">;
  readonly #tokens: Counter<"model" | "kind">;
  readonly #seconds: Histogram<"model">;
  readonly #crashes: Counter<"model">;
  readonly #dropped: Counter<string>;
  readonly #stuck: Counter<string>;
  /** set once the daemon is up */
  live: () => LiveNumbers = () => ({ clients: 0, waitingBytes: 0, models: [] });

  constructor() {
    const registers = [this.#registry];
    // prom-client samples the event loop's delay with a timer; at its default of 10 ms that wakes this process more often than a
    // model of a billion parameters writes tokens, each time on a core that computes. What a rare timer says of short delays is
    // worth nothing and left out; the delay at each scrape stays.
    collectDefaultMetrics({ register: this.#registry, prefix: "tiller_", eventLoopMonitoringPrecision: 1000 });
    for (const what of ["min", "max", "mean", "stddev", "p50", "p90", "p99"])
      this.#registry.removeSingleMetric(`tiller_nodejs_eventloop_lag_${what}_seconds`);
    this.#requests = new Counter({
      name: "tiller_requests_total",
      help: "Calls by method and outcome",
      labelNames: ["method", "outcome"],
      registers,
    });
    this.#answers = new Counter({
      name: "tiller_answers_total",
      help: "Answers by model and how they ended",
      labelNames: ["model", "reason"],
      registers,
    });
    this.#tokens = new Counter({ name: "tiller_tokens_total", help: "Tokens read and written", labelNames: ["model", "kind"], registers });
    this.#seconds = new Histogram({
      name: "tiller_answer_seconds",
      help: "Time of an answer, queue included",
      labelNames: ["model"],
      buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300],
      registers,
    });
    this.#crashes = new Counter({
      name: "tiller_engine_crashes_total",
      help: "Engines that ended unexpectedly",
      labelNames: ["model"],
      registers,
    });
    this.#dropped = new Counter({ name: "tiller_live_frames_dropped_total", help: "Live frames that slow clients did not get", registers });
    this.#stuck = new Counter({ name: "tiller_stuck_clients_total", help: "Clients disconnected because they stopped reading", registers });
    this.#gauges(registers);
  }

  request(method: string, outcome: string): void {
    this.#requests.inc({ method, outcome });
  }

  /** Returns what to call at the answer's end. */
  answerStarted(model: string): (reason: string, answerTokens: number, promptTokens: number) => void {
    const stop = this.#seconds.startTimer({ model });
    return (reason, answerTokens, promptTokens) => {
      stop();
      this.#answers.inc({ model, reason });
      this.#tokens.inc({ model, kind: "answer" }, answerTokens);
      this.#tokens.inc({ model, kind: "prompt" }, promptTokens);
    };
  }

  crashed(model: string): void {
    this.#crashes.inc({ model });
  }

  frameDropped(): void {
    this.#dropped.inc();
  }

  clientStuck(): void {
    this.#stuck.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauges(registers: Registry[]): void {
    const numbers = (): LiveNumbers => this.live();
    const overall = (name: string, help: string, value: (all: LiveNumbers) => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value(numbers()));
        },
      });
    };
    overall("tiller_clients", "WebSocket clients", ({ clients }) => clients);
    overall("tiller_client_waiting_bytes", "Bytes that clients have not taken yet", ({ waitingBytes }) => waitingBytes);
    const perModel = (name: string, help: string, value: (model: LiveNumbers["models"][number]) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ["model"],
        registers,
        collect() {
          this.reset();
          for (const model of numbers().models) this.set({ model: model.model }, value(model));
        },
      });
    };
    perModel("tiller_model_loaded", "1 while the model's engine is up", (model) => (model.loaded ? 1 : 0));
    perModel("tiller_answers_running", "Answers being written", (model) => model.running);
    perModel("tiller_answers_queued", "Answers waiting", (model) => model.queued);
    perModel("tiller_tokens_per_second", "Tokens per second, as the engine last said", (model) => model.tokensPerSecond);
    perModel("tiller_kv_used_tokens", "Tokens held in the KV cache", (model) => model.kvUsed);
  }
}
