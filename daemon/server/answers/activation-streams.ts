/** Live subscriptions: which client watches which of its answers, set up on the engine before the answer begins. */
import type { Params } from "../../protocol/api/index.ts";
import type { EngineEvents, EngineRequests } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { encodeFrame } from "../../protocol/frames.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import type { Client } from "../transport/client.ts";
import { idOf } from "./sessions.ts";

const MAX_PER_CLIENT = 16;

interface Subscription {
  readonly client: Client;
  readonly params: Params<"tap.subscribe">;
  engine: LoadedEngine;
}

export class LiveTaps {
  readonly #subscriptions = new Map<string, Subscription>();

  /** @param engine the running answer's, or the one that the coming answer is expected to use */
  async subscribe(client: Client, params: Params<"tap.subscribe">, engine: LoadedEngine): Promise<EngineRequests["watch"][1]> {
    const id = idOf(client.id, params.stream);
    const own = [...this.#subscriptions.values()].filter((subscription) => subscription.client === client);
    if (!this.#subscriptions.has(id) && own.length >= MAX_PER_CLIENT) {
      throw new TillerError("overloaded", `a client watches at most ${MAX_PER_CLIENT} answers`, { field: "stream" });
    }
    const widths = await watch(id, params, engine);
    this.#subscriptions.set(id, { client, params, engine });
    return widths;
  }

  async unsubscribe(client: string, stream: string): Promise<boolean> {
    const id = idOf(client, stream);
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return false;
    this.#subscriptions.delete(id);
    if (subscription.engine.process.alive) await subscription.engine.process.request("unwatch", { id });
    return true;
  }

  /** The answer begins on this engine; a subscription that was made on another one (or on one that crashed) moves here. */
  async beforeGenerate(id: string, engine: LoadedEngine): Promise<void> {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined || subscription.engine.process === engine.process) return;
    await watch(id, subscription.params, engine);
    subscription.engine = engine;
  }

  afterGenerate(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) return;
    this.#subscriptions.delete(id);
    if (subscription.engine.process.alive) subscription.engine.process.request("unwatch", { id }).catch(() => undefined);
  }

  forget(client: Client): void {
    for (const [id, subscription] of this.#subscriptions) if (subscription.client === client) this.afterGenerate(id);
  }

  deliver(event: EngineEvents["live"]): void {
    const subscription = this.#subscriptions.get(event.id);
    if (subscription === undefined) return;
    const { site, layers, widths, token, encoding, scales, strongest, body } = event;
    const header = {
      stream: subscription.params.stream,
      kind: "live" as const,
      site,
      layers,
      widths,
      firstToken: token,
      rows: 1,
      encoding,
      ...(encoding === "u8" ? { scales } : {}),
      strongest,
    };
    subscription.client.outbox.live(encodeFrame(header, body));
  }
}

function watch(id: string, params: Params<"tap.subscribe">, engine: LoadedEngine): Promise<EngineRequests["watch"][1]> {
  const { site, layers, fps, encoding } = params;
  return engine.process.request("watch", { id, site, layers: layers === "all" ? null : layers, fps, encoding });
}
