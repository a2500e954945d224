/** What a model sees: prompts, tokens, and the template that writes them. */
import type { EngineRequestName, EngineRequests } from "../../protocol/engine-api.ts";
import { renderOptions } from "../answers/request.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import type { Identity } from "../transport/auth.ts";
import type { Handlers } from "../transport/dispatch.ts";

type Names = "model.render" | "model.tokenize" | "model.detokenize" | "model.template";

export function renderHandlers(context: DaemonContext): Pick<Handlers, Names> {
  return {
    "model.render": ({ model, messages, addGenerationPrompt, maxTokens, ...fields }, { client }) => {
      const options = { ...renderOptions(fields), addGenerationPrompt: addGenerationPrompt ?? true };
      return askEngine(context, client.identity, model, "render", { messages, options, maxTokens: maxTokens ?? null });
    },
    "model.tokenize": ({ model, text, addSpecial, parseSpecial }, { client }) =>
      askEngine(context, client.identity, model, "tokenize", { content: text, addSpecial, parseSpecial }),
    "model.detokenize": async ({ model, tokens }, { client }) => {
      const { content } = await askEngine(context, client.identity, model, "detokenize", { tokens });
      return { text: content };
    },
    "model.template": async ({ model: id, source }, { client }) => {
      const model = await modelFor(context, client.identity, id);
      const facts = await askEngine(context, client.identity, model.id, "template", { source });
      // only what its engine can read is kept
      context.templates.write(model.id, source);
      return facts;
    },
  };
}

/** Asks a model's engine, which is loaded where it is not. */
export async function askEngine<N extends Exclude<EngineRequestName, "load" | "estimate">>(
  context: DaemonContext,
  identity: Identity,
  id: string | undefined,
  name: N,
  params: EngineRequests[N][0],
): Promise<EngineRequests[N][1]> {
  const engine = await context.supervisor.acquire(await modelFor(context, identity, id));
  try {
    return await engine.process.request(name, params);
  } finally {
    engine.release();
  }
}
