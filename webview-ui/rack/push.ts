/**
 * Sends moved sliders to the answers that are being written: at most one `steer.set` in flight per answer, gathered per
 * animation frame, and the last value wins.
 */
import type { Client } from "../link/client.ts";
import { codeOf, problemOf } from "../link/problem.ts";
import type { Store } from "../store/store.ts";
import { effectiveStrength } from "./steering.ts";

interface Sent {
  strengths: Record<string, number>;
  busy: boolean;
  scheduled: boolean;
}

export interface Pusher {
  /** the answer was asked for with these strengths */
  opened(stream: string, strengths: Readonly<Record<string, number>>): void;
  closed(stream: string): void;
  /** call after any change of the rack */
  moved(): void;
}

export function createPusher(store: Store, client: () => Pick<Client, "call">, frame: (work: () => void) => void): Pusher {
  const streams = new Map<string, Sent>();

  const difference = (sent: Sent): Record<string, number> => {
    const set: Record<string, number> = {};
    for (const slider of store.get().rack.controls) {
      const strength = effectiveStrength(slider);
      if (slider.name in sent.strengths && sent.strengths[slider.name] !== strength) set[slider.name] = strength;
    }
    return set;
  };

  const schedule = (stream: string, sent: Sent) => {
    if (sent.busy || sent.scheduled || Object.keys(difference(sent)).length === 0) return;
    sent.scheduled = true;
    frame(() => {
      sent.scheduled = false;
      void send(stream, sent);
    });
  };

  const send = async (stream: string, sent: Sent) => {
    const set = difference(sent);
    if (streams.get(stream) !== sent || sent.busy || Object.keys(set).length === 0) return;
    sent.busy = true;
    // Taken as sent also when it is refused: the same value is not sent again and again.
    Object.assign(sent.strengths, set);
    try {
      await client().call("steer.set", { stream, set });
      store.dispatch({ type: "rack/acked", strengths: set });
    } catch (error) {
      // The answer may end while the message is on its way; then there is nothing to move any more.
      if (streams.get(stream) === sent && codeOf(error) !== "not-found")
        store.dispatch({ type: "rack/problem", problem: problemOf(error, "The running answer did not take the new strength") });
    } finally {
      sent.busy = false;
    }
    schedule(stream, sent);
  };

  return {
    opened(stream, strengths) {
      const sent: Sent = { strengths: { ...strengths }, busy: false, scheduled: false };
      streams.set(stream, sent);
      schedule(stream, sent);
    },
    closed: (stream) => void streams.delete(stream),
    moved() {
      for (const [stream, sent] of streams) schedule(stream, sent);
    },
  };
}
