/**
 * A loss over one prompt and its gradients, on the native core's own pass (no cache, no flash attention, nothing that steers).
 * One runs at a time; the transposed weights that it needs stay for a while where there is room for them.
 */
import type { EngineGradient, EngineGradientResult } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Governor } from "../loop/governor.ts";
import type { GradientRequest, GradientResult, NativeGradient, NativeModel } from "../model/native.ts";
import { insertRows, prefixAt } from "../prompt/place-prefix.ts";
import { commonLength } from "./own-tokens.ts";

/** The transposed weights go when nobody asked for so long. */
const KEEP_MS = 60_000;

export interface GradientHost {
  readonly model: NativeModel;
  readonly contextSize: number;
  readonly threads: number;
  /** chooses the threads of every pass; left out: all of them */
  readonly governor?: Governor | undefined;
  readonly noGradients: string | null;
  /** bytes that may be taken */
  readonly availableMemory: () => number;
  /** @throws TillerError on tokens that are not in the vocabulary */
  readonly prompt: (request: Pick<EngineGradient, "messages" | "prompt" | "tokens">) => Int32Array;
  /** see prefixAt */
  readonly begins: number | null;
  readonly render: (messages: NonNullable<EngineGradient["head"]>) => Int32Array;
  readonly text: (token: number) => string;
}

/** What one pass computes: the prompt, an answer's tokens behind it, and which of the answers' terms it holds. */
interface Pass {
  readonly tail: readonly number[];
  readonly terms: readonly { readonly answer: number; readonly position: number; readonly token: number; readonly weight: number }[];
  /** the losses on states count once */
  readonly first: boolean;
}

export class Gradients {
  readonly #host: GradientHost;
  #native: NativeGradient | null = null;
  #kept = false;
  #timer: NodeJS.Timeout | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;
  #running: string | null = null;

  constructor(host: GradientHost) {
    this.#host = host;
  }

  /**
   * @param cancelled asked between two passes; `cancel` ends the one that runs
   * @throws TillerError not-supported, too-large with the numbers, context-full, invalid-params, cancelled
   */
  run(request: EngineGradient, cancelled: () => boolean): Promise<EngineGradientResult> {
    if (this.#host.noGradients !== null) throw new TillerError("not-supported", this.#host.noGradients, { field: "model" });
    const turn = this.#queue.then(() => this.#compute(request, cancelled));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Ends the pass of that name, where it is the one that runs. */
  cancel(id: string): void {
    if (this.#running === id) this.#native?.cancel();
  }

  /** Ends what runs and gives the memory back. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#native?.cancel();
    await this.#queue;
    clearTimeout(this.#timer);
    this.#release();
  }

  async #compute(request: EngineGradient, cancelled: () => boolean): Promise<EngineGradientResult> {
    clearTimeout(this.#timer);
    this.#running = request.id;
    try {
      this.#mustGoOn(cancelled);
      return await this.#passes(request, cancelled);
    } catch (error) {
      throw error instanceof TillerError ? error : this.#explained(error, cancelled);
    } finally {
      this.#running = null;
      this.#timer = setTimeout(() => {
        if (this.#running === null) this.#release();
      }, KEEP_MS).unref();
    }
  }

  async #passes(request: EngineGradient, cancelled: () => boolean): Promise<EngineGradientResult> {
    const host = this.#host;
    const { tokens: prompt, embeddings } = inserted(host.prompt(request), request.embeddings, host);
    const answers = request.answers.map(({ text, tokens, weight }) => {
      const own = tokens ?? [...host.model.tokenize(text ?? "", false, false)];
      if (own.length === 0) throw new TillerError("invalid-params", "an answer of the loss is empty", { field: "answers" });
      return { tokens: own, weight };
    });
    const logprobs = new Float64Array(answers.length);
    const wanted = request.wants.map(() => new Float32Array(0));
    let loss = 0;
    let micros = 0;
    for (const pass of passesOf(answers, prompt.length)) {
      this.#mustGoOn(cancelled);
      const native = nativeRequest(request, prompt, embeddings, pass);
      if (native.tokens.length > host.contextSize)
        throw new TillerError(
          "context-full",
          `the prompt and its answer have ${native.tokens.length} tokens, the context ${host.contextSize}`,
        );
      const result = await this.#run(native);
      loss += result.loss;
      micros += result.forwardMicros + result.backwardMicros;
      pass.terms.forEach(({ answer }, i) => {
        logprobs[answer]! += result.logprobs[i]!;
      });
      for (const [i, want] of request.wants.entries())
        wanted[i] = added(wanted[i]!, result.wanted[i]!, prompt.length / native.tokens.length, want.what === "value");
    }
    return {
      tokens: [...prompt],
      texts: Array.from(prompt, host.text),
      head: request.head === null ? 0 : commonLength(host.render(request.head), host.prompt(request)),
      loss,
      answers: answers.map(({ tokens }, i) => ({ logprob: logprobs[i]!, tokens })),
      wanted,
      embeddingsFrom: embeddings?.from ?? null,
      micros,
    };
  }

  /** Layers are many short computations, whose threads wait for each other where others have their cores. */
  async #run(request: GradientRequest): Promise<GradientResult> {
    const { governor, threads: most } = this.#host;
    const rows = request.tokens.length;
    const threads = governor?.threads(rows) ?? most;
    const result = await this.#ready(request).run({ ...request, threads });
    const micros = result.forwardMicros + result.backwardMicros;
    governor?.took({ rows, threads, micros, cpuMicros: result.cpuMicros }, performance.now());
    return result;
  }

  /** The native side, with room for this request. */
  #ready(request: GradientRequest): NativeGradient {
    const { model, contextSize, threads, availableMemory } = this.#host;
    const make = (keepWeights: boolean): NativeGradient => model.createGradient({ ropeContext: contextSize, threads, keepWeights });
    this.#native ??= make(false);
    const room = availableMemory();
    const own = this.#native.estimate(request);
    const all = this.#native.weights(true);
    if (!this.#kept && own + all < room / 2) {
      this.#native.close();
      this.#native = make(true);
      this.#kept = true;
    } else if (!this.#kept && own + this.#native.weights(false) > room) {
      const needs = own + this.#native.weights(false);
      throw new TillerError(
        "too-large",
        `the gradient over ${request.tokens.length} tokens takes ${mib(needs)} MiB, and ${mib(room)} are free`,
        {
          suggestion: "Take a shorter prompt or fewer places, or load the model with a smaller context.",
        },
      );
    } else if (this.#kept && own > room) {
      this.#release();
      return this.#ready(request);
    }
    return this.#native;
  }

  #release(): void {
    this.#native?.close();
    this.#native = null;
    this.#kept = false;
  }

  #mustGoOn(cancelled: () => boolean): void {
    const ended = this.#ended(cancelled);
    if (ended !== null) throw ended;
  }

  #ended(cancelled: () => boolean): TillerError | null {
    if (this.#closed) return new TillerError("shutting-down", "the model is being unloaded");
    return cancelled() ? new TillerError("cancelled", "the gradient was cancelled") : null;
  }

  #explained(error: unknown, cancelled: () => boolean): TillerError {
    const message = error instanceof Error ? error.message : String(error);
    return this.#ended(cancelled) ?? new TillerError(/no memory/.test(message) ? "too-large" : "invalid-params", message);
  }
}

/** Answers of one token share a pass; a longer one has a pass of its own, for its later tokens stand behind its first ones. */
function passesOf(answers: readonly { tokens: readonly number[]; weight: number }[], length: number): Pass[] {
  const last = length - 1;
  const passes: Pass[] = [];
  const short = answers.flatMap(({ tokens, weight }, answer) =>
    tokens.length === 1 ? [{ answer, position: last, token: tokens[0]!, weight }] : [],
  );
  if (short.length > 0 || answers.length === 0) passes.push({ tail: [], terms: short, first: true });
  for (const [answer, { tokens, weight }] of answers.entries()) {
    if (tokens.length === 1) continue;
    const terms = tokens.map((token, i) => ({ answer, position: last + i, token, weight }));
    passes.push({ tail: tokens.slice(0, -1), terms, first: passes.length === 0 });
  }
  return passes;
}

function nativeRequest(
  { states, shifts, wants }: EngineGradient,
  prompt: Int32Array,
  embeddings: GradientRequest["embeddings"],
  { tail, terms, first }: Pass,
): GradientRequest {
  const tokens = new Int32Array(prompt.length + tail.length);
  tokens.set(prompt);
  tokens.set(tail, prompt.length);
  return { tokens, embeddings, tokenTerms: terms, stateTerms: first ? states : [], shifts, wants };
}

/** A prompt with placeholders where embeddings go in between. */
function inserted(
  tokens: Int32Array,
  given: EngineGradient["embeddings"],
  { model, begins }: Pick<GradientHost, "model" | "begins">,
): { tokens: Int32Array; embeddings: GradientRequest["embeddings"] } {
  if (given === null) return { tokens, embeddings: null };
  const { insert, values } = given;
  const from = given.from ?? prefixAt(tokens, begins);
  if (!insert) return { tokens, embeddings: { from, values } };
  if (from < 0 || from > tokens.length)
    throw new TillerError("out-of-range", `embeddings cannot be inserted at ${from} of ${tokens.length} tokens`, { field: "embeddings" });
  return { tokens: insertRows(tokens, from, Math.floor(values.length / model.facts().width)), embeddings: { from, values } };
}

/** Gradients of several passes add up over the prompt's rows; values are the same in all. */
function added(sum: Float32Array<ArrayBuffer>, rows: Float32Array, share: number, same: boolean): Float32Array<ArrayBuffer> {
  const own = rows.subarray(0, Math.round(rows.length * share));
  if (sum.length === 0) return own.slice();
  if (!same) for (let i = 0; i < own.length; i++) sum[i]! += own[i]!;
  return sum;
}

function mib(bytes: number): number {
  return Math.ceil(bytes / 1024 ** 2);
}
