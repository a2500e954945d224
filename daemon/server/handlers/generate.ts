/** `generate.*` and `steer.*` */

import { countEdits } from "../answers/plan-size.ts";
import type { AnswerParams } from "../answers/sessions.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import { requireScope } from "../transport/auth.ts";
import type { Call, Handlers } from "../transport/dispatch.ts";

type Names = "generate.chat" | "generate.complete" | "generate.cancel" | "steer.set" | "steer.check";

export function generateHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { sessions, steering, supervisor } = context;
  const answer = async (params: AnswerParams, { client, signal }: Call) => {
    // readings and rows of logits are activations, whatever direction they are read along
    if ((params.probes?.length ?? 0) > 0) requireScope(client.identity, "capture", "`probes`");
    if ("logits" in params && params.logits === true) requireScope(client.identity, "capture", "`logits`");
    const model = await modelFor(context, client.identity, params.model);
    const cancel = (): void => {
      sessions.cancel(client.id, params.stream).catch(() => undefined);
    };
    signal.throwIfAborted();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      // they have gone out as notifications
      const { tokens: _, ...result } = await sessions.run(client.id, params, model, client.sink());
      return result;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
  return {
    "generate.chat": answer,
    "generate.complete": answer,
    "generate.cancel": async ({ stream }, { client }) => ({ cancelled: await sessions.cancel(client.id, stream) }),
    "steer.set": async ({ stream, set }, { client }) => ({ steered: await sessions.steer(client.id, stream, set) }),
    "steer.check": async ({ model: id, steering: asked }, { client }) => {
      const model = await modelFor(context, client.identity, id);
      const active = steering.resolve(asked, model);
      if (active === null) return { steered: { steered: false, summary: "NOT steered: nothing was asked for", controls: [] }, ops: 0 };
      const engine = await supervisor.acquire(model);
      engine.release();
      const { plan } = steering.compile(active, engine);
      return { steered: plan.report, ops: countEdits(plan) };
    },
  };
}
