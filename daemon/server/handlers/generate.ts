/** `generate.*` and `steer.*` */

import type { Answer } from "../../protocol/api/generate.ts";
import { countEdits } from "../answers/plan-size.ts";
import { type AnswerParams, idOf } from "../answers/sessions.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import { requireScope } from "../transport/auth.ts";
import type { Call, Handlers } from "../transport/dispatch.ts";

type Names = "generate.chat" | "generate.complete" | "generate.cancel" | "steer.set" | "steer.check";

export function generateHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { sessions, steering, supervisor } = context;
  /** answers whose model is still looked for: what is asked of them next waits until they are known */
  const beginning = new Map<string, Promise<unknown>>();
  const begun = (client: string, stream: string): Promise<unknown> | undefined => beginning.get(idOf(client, stream));
  /** Resolves as soon as the answer is known, with what it will give. */
  const begin = async (params: AnswerParams, { client, signal }: Call): Promise<{ answer: Promise<Answer> }> => {
    const model = await modelFor(context, client.identity, params.model);
    signal.throwIfAborted();
    return { answer: sessions.run(client.id, params, model, client.sink()) };
  };
  const answer = async (params: AnswerParams, call: Call) => {
    const { client, signal } = call;
    // readings and rows of logits are activations, whatever direction they are read along
    if ((params.probes?.length ?? 0) > 0) requireScope(client.identity, "capture", "`probes`");
    if ("logits" in params && params.logits === true) requireScope(client.identity, "capture", "`logits`");
    const cancel = (): void => {
      sessions.cancel(client.id, params.stream).catch(() => undefined);
    };
    const id = idOf(client.id, params.stream);
    const own = begin(params, call);
    const quiet = own.catch(() => undefined);
    beginning.set(id, quiet);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      const running = await own.finally(() => beginning.get(id) === quiet && beginning.delete(id));
      // they have gone out as notifications
      const { tokens: _, ...result } = await running.answer;
      return result;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };
  return {
    "generate.chat": answer,
    "generate.complete": answer,
    "generate.cancel": async ({ stream }, { client }) => {
      await begun(client.id, stream);
      return { cancelled: await sessions.cancel(client.id, stream) };
    },
    "steer.set": async ({ stream, set }, { client }) => {
      await begun(client.id, stream);
      return { steered: await sessions.steer(client.id, stream, set) };
    },
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
