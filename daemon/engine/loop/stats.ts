/** What the engine is doing, once a second while it has work; by the same token the daemon sees that it still answers. */
import type { Emit } from "../emit.ts";
import type { Loop, LoopStats } from "./loop.ts";

const INTERVAL_MS = 1000;

export class StatsTicker {
  readonly #loop: Loop;
  readonly #emit: Emit;
  #last: LoopStats;
  #at = performance.now();
  #quiet = false;

  constructor(loop: Loop, emit: Emit) {
    this.#loop = loop;
    this.#emit = emit;
    this.#last = { ...loop.stats };
  }

  start(): void {
    setInterval(() => this.#tick(), INTERVAL_MS).unref();
  }

  #tick(): void {
    const now = performance.now();
    const { decodes, decodeMicros, sampleMicros, answerTokens } = this.#loop.stats;
    const steps = decodes - this.#last.decodes;
    const seconds = (now - this.#at) / 1000;
    // One report of the standstill, then silence.
    if (steps > 0 || !this.#quiet || this.#loop.active > 0 || this.#loop.queued > 0)
      this.#emit("stats", {
        running: this.#loop.active,
        queued: this.#loop.queued,
        tokensPerSecond: (answerTokens - this.#last.answerTokens) / seconds,
        decodes: steps,
        decodeMicros: decodeMicros - this.#last.decodeMicros,
        busyMicros: decodeMicros - this.#last.decodeMicros + sampleMicros - this.#last.sampleMicros,
        kvUsed: this.#loop.kvUsed,
        threads: this.#loop.threads,
      });
    this.#quiet = steps === 0;
    this.#last = { ...this.#loop.stats };
    this.#at = now;
  }
}
