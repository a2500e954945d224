/**
 * Work of an engine that takes long and is no answer: it can be cancelled by its name, it says every second that it lives (an engine
 * that says nothing for long counts as hanging), and where it makes a context of its own it waits for its turn.
 */
import { TillerError } from "../../protocol/errors.ts";

/** Contexts at once: a job's, and one beside it for a client's. */
const CONTEXTS = 2;
const HEARTBEAT_MS = 1000;

export interface Work {
  readonly progress: (fraction: number) => void;
  /** asked before each step */
  readonly cancelled: () => boolean;
}

export class LongWork {
  readonly #tell: (id: string, fraction: number) => void;
  readonly #cancelled = new Map<string, boolean>();
  readonly #waiting: (() => void)[] = [];
  #contexts = 0;
  #closed = false;

  constructor(tell: (id: string, fraction: number) => void) {
    this.#tell = tell;
  }

  get running(): number {
    return this.#cancelled.size;
  }

  /** @returns whether there is work of this name */
  cancel(id: string): boolean {
    if (!this.#cancelled.has(id)) return false;
    this.#cancelled.set(id, true);
    return true;
  }

  /** All of it counts as cancelled from now on, and none begins. */
  close(): void {
    this.#closed = true;
  }

  /** @throws TillerError conflict, shutting-down, and what the work throws */
  async run<T>(id: string, work: (state: Work) => Promise<T>): Promise<T> {
    if (this.#closed) throw new TillerError("shutting-down", "the model is being unloaded");
    if (this.#cancelled.has(id)) throw new TillerError("conflict", `'${id}' is being worked on already`);
    this.#cancelled.set(id, false);
    let done = 0;
    const progress = (fraction: number): void => {
      done = fraction;
      this.#tell(id, fraction);
    };
    const heartbeat = setInterval(() => this.#tell(id, done), HEARTBEAT_MS);
    try {
      return await work({ progress, cancelled: () => this.#closed || this.#cancelled.get(id) === true });
    } finally {
      clearInterval(heartbeat);
      this.#cancelled.delete(id);
    }
  }

  /** As `run`, in its turn: each has a context of its own. */
  runInTurn<T>(id: string, work: (state: Work) => Promise<T>): Promise<T> {
    return this.run(id, async (state) => {
      while (this.#contexts === CONTEXTS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      this.#contexts++;
      try {
        return await work(state);
      } finally {
        this.#contexts--;
        this.#waiting.shift()?.();
      }
    });
  }
}
