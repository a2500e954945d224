/** Time as the client uses it; tests bring their own. */
export interface Clock {
  now(): number;
  /** @returns a function that calls it off */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
