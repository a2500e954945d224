/** The newest frame of live activations, and the subscription that brings frames. Kept out of the store: only the canvas and the table read it. */
import type { ActivationFrame, Client } from "../link/client.ts";
import { codeOf, problemOf } from "../link/problem.ts";
import type { Store } from "../store/store.ts";

export interface LiveFrame {
  readonly header: ActivationFrame["header"];
  readonly body: Uint8Array;
}

type Listener = () => void;

let newest: LiveFrame | null = null;
let received = 0;
/** the answer whose values are shown */
let watched: string | null = null;
const listeners = new Set<Listener>();

/** Called from the socket; does nothing but keep the newest frame and wake those who draw. */
export function takeFrame(frame: ActivationFrame): void {
  if (frame.header.kind !== "live" || !(frame.body instanceof Uint8Array)) return;
  newest = { header: frame.header, body: frame.body };
  received++;
  for (const listener of listeners) listener();
}

export function newestFrame(): LiveFrame | null {
  return newest;
}

export function framesReceived(): number {
  return received;
}

export function onFrame(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Before the answer is asked for, so that its first token is seen too. A refusal is shown in the panel and does not stop the answer. */
export async function subscribeHeat(client: Pick<Client, "call">, store: Store, stream: string): Promise<void> {
  const { heat, link } = store.get();
  watched = stream;
  if (!heat.open || heat.paused || !link.scopes.some((scope) => scope === "capture" || scope === "admin")) return;
  try {
    await client.call("tap.subscribe", {
      stream,
      site: heat.site,
      layers: heat.layer === null ? "all" : [heat.layer],
      fps: 30,
      encoding: "u8",
    });
    if (store.get().heat.problem !== null) store.dispatch({ type: "heat", heat: { problem: null } });
  } catch (error) {
    store.dispatch({ type: "heat", heat: { problem: problemOf(error, "The live values cannot be shown") } });
  }
}

/** The panel was opened, closed, paused or turned to another site while answers run. */
export async function resubscribeHeat(client: Pick<Client, "call">, store: Store): Promise<void> {
  const { answers, heat } = store.get();
  const stream = watched;
  if (stream === null || (answers[stream]?.phase ?? "ended") === "ended") return;
  try {
    await client.call("tap.unsubscribe", { stream });
  } catch (error) {
    if (codeOf(error) !== "not-found")
      store.dispatch({ type: "heat", heat: { problem: problemOf(error, "The live values cannot be changed") } });
  }
  if (heat.open && !heat.paused) await subscribeHeat(client, store, stream);
}
