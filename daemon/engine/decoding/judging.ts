/** Questions to judges, who are in the daemon: candidates wait for their answers, everything else goes on. */
import type { EngineEvents, EngineRequests } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Figures } from "./rewards.ts";

interface Waiting {
  readonly texts: number;
  readonly done: (figures: readonly Figures[]) => void;
  readonly failed: (error: TillerError) => void;
}

export class Judging {
  readonly #emit: (asked: EngineEvents["judge"]) => void;
  readonly #wake: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  /** @param wake called when something was answered */
  constructor(emit: (asked: EngineEvents["judge"]) => void, wake: () => void) {
    this.#emit = emit;
    this.#wake = wake;
  }

  ask(asked: Omit<EngineEvents["judge"], "number">, done: Waiting["done"], failed: Waiting["failed"]): void {
    const number = this.#next++;
    this.#waiting.set(number, { texts: asked.texts.length, done, failed });
    this.#emit({ ...asked, number });
  }

  /** @returns false where nobody waits for it */
  answered({ number, figures, problem }: EngineRequests["judged"][0]): boolean {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return false;
    this.#waiting.delete(number);
    if (figures === null) waiting.failed(new TillerError("not-supported", `decoding.best: ${problem}`, { field: "decoding.best.rewards" }));
    else
      waiting.done(
        Array.from({ length: waiting.texts }, (_, text) =>
          Object.fromEntries(Object.entries(figures).map(([name, list]) => [name, list[text]!])),
        ),
      );
    this.#wake();
    return true;
  }
}
