/**
 * Is the socket still alive? A socket can look open for minutes after the machine slept or the network changed. A sign of life
 * is asked for when nothing was heard for a while, and at once when a timer fires much too late: then the machine slept.
 */
import type { Clock } from "./clock.ts";

export interface PulseOptions {
  readonly clock: Clock;
  readonly silenceMs: number;
  readonly probeMs: number;
  /** settles (either way) when the other side answers */
  probe(): Promise<unknown>;
  dead(): void;
}

const TICK_MS = 5_000;

export class Pulse {
  readonly #options: PulseOptions;
  #heard = 0;
  #stopTick: () => void = () => undefined;
  #stopProbe: (() => void) | null = null;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.heard();
    this.#tick(this.#options.clock.now());
  }

  stop(): void {
    this.#stopTick();
    this.#stopProbe?.();
    this.#stopProbe = null;
  }

  heard(): void {
    this.#heard = this.#options.clock.now();
  }

  probe(): void {
    if (this.#stopProbe !== null) return;
    const { clock, probeMs } = this.#options;
    const stop = clock.after(probeMs, () => {
      this.#stopProbe = null;
      this.#options.dead();
    });
    this.#stopProbe = stop;
    const alive = (): void => {
      if (this.#stopProbe === stop) this.#stopProbe = null;
      stop();
    };
    // An error is an answer, too. A connection that goes meanwhile has stopped the probe already.
    this.#options.probe().then(alive, alive);
  }

  #tick(last: number): void {
    const { clock, silenceMs } = this.#options;
    this.#stopTick = clock.after(TICK_MS, () => {
      const now = clock.now();
      const slept = now - last > 3 * TICK_MS;
      this.#tick(now);
      if (slept || now - this.#heard >= silenceMs) this.probe();
    });
  }
}
