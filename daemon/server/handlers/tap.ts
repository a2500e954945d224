/** `tap.*` */
import { TillerError } from "../../protocol/errors.ts";
import { checkCaptureSize, tapFrames } from "../answers/tap-frames.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import type { Handlers } from "../transport/dispatch.ts";

export function tapHandlers(context: DaemonContext): Pick<Handlers, "tap.run" | "tap.subscribe" | "tap.unsubscribe"> {
  const { steering, supervisor, sessions, live, config } = context;
  return {
    "tap.run": async (params, { client, signal }) => {
      const model = await modelFor(context, client.identity, params.model);
      const active = steering.resolve(params.steering, model);
      const engine = await supervisor.acquire(model);
      try {
        const layers = params.layers === "all" ? null : params.layers;
        checkCaptureSize(params, layers, engine.info, config.limits.captureBytes);
        const plan = active === null ? null : steering.edits(active, engine);
        const { prompt = null, tokens = null, sites, logits } = params;
        const result = await engine.process.request("tap", { client: client.id, prompt, tokens, sites, layers, logits, plan });
        let frames = 0;
        for (const frame of tapFrames(params.stream, result)) {
          if (signal.aborted) throw new TillerError("cancelled", "the request was cancelled");
          await client.outbox.binary(frame);
          frames++;
        }
        const steered = plan?.report ?? { steered: false, summary: "NOT steered: nothing was asked for" };
        return { tokens: result.tokens, texts: result.texts, frames, steered: { steered: steered.steered, summary: steered.summary } };
      } finally {
        engine.release();
      }
    },
    "tap.subscribe": async (params, { client }) => {
      const running = sessions.engineOf(client.id, params.stream);
      if (running !== null) return live.subscribe(client, params, running);
      // The answer is still to come, and on which model is not said: most likely on the one that is in use.
      const engine = await supervisor.acquire(supervisor.latest() ?? (await modelFor(context, client.identity, undefined)));
      engine.release();
      return live.subscribe(client, params, engine);
    },
    "tap.unsubscribe": async ({ stream }, { client }) => ({ ended: await live.unsubscribe(client.id, stream) }),
  };
}
