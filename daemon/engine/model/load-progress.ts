/** What the clients are told while a model loads: rarely, never going back, and 1 exactly once, when the model can be used. */

const PROGRESS_MS = 50;

export class LoadProgress {
  readonly #tell: (fraction: number) => void;
  readonly #now: () => number;
  #last = Number.NEGATIVE_INFINITY;
  #fraction = 0;

  constructor(tell: (fraction: number) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** node-llama-cpp's own figure: its last one may be a rounding below 1, may come after the load, or not at all. */
  readonly of = (fraction: number): void => {
    const now = this.#now();
    if (!(fraction > this.#fraction && fraction < 1) || now - this.#last < PROGRESS_MS) return;
    this.#last = now;
    this.#fraction = fraction;
    this.#tell(fraction);
  };

  end(): void {
    this.#fraction = 1;
    this.#tell(1);
  }
}
