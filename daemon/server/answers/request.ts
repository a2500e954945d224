/** An answer's parameters as the engine wants them: defaults filled in, the preset's sampling and system turn merged. */
import type { ChatParams, CompleteParams } from "../../protocol/api/generate.ts";
import type { RenderFields } from "../../protocol/api/render.ts";
import { type EngineGenerate, PLAIN_RENDER, type RenderOptions } from "../../protocol/engine-api.ts";
import type { ChatMessage } from "../../protocol/tools.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import { checkAsked } from "./decoding.ts";
import type { ActiveSteering, SteeringCompiler } from "./steering.ts";

/** @throws TillerError of the compiler: what cannot be steered, and why */
export function engineRequest(
  id: string,
  params: ChatParams | CompleteParams,
  active: ActiveSteering | null,
  engine: LoadedEngine,
  steering: SteeringCompiler,
): EngineGenerate {
  const raw = "messages" in params ? null : params;
  const { plan, decoding } = active === null ? { plan: null, decoding: null } : steering.compile(active, engine);
  const sampling = { ...active?.preset?.sampling, ...params.sampling };
  checkAsked(decoding, params, sampling);
  return {
    id,
    messages: "messages" in params ? withSystem(params.messages, active?.preset?.system) : null,
    ...("messages" in params
      ? { render: renderOptions(params), reasoningBudget: params.reasoningBudget ?? null }
      : { render: PLAIN_RENDER, reasoningBudget: null }),
    prompt: raw?.prompt ?? null,
    tokens: raw?.tokens ?? null,
    suffix: raw?.suffix ?? null,
    echo: raw?.echo ?? false,
    forced: raw?.forced ?? null,
    logits: raw?.logits ?? false,
    sampling,
    stop: params.stop ?? [],
    grammar: params.grammar ?? null,
    jsonSchema: params.jsonSchema ?? null,
    logitBias: params.logitBias ?? {},
    topLogprobs: params.topLogprobs ?? 0,
    probes: steering.probes(params.probes ?? [], engine),
    // of a prompt that is cut the probabilities would be those of other tokens
    overflow: params.overflow ?? (raw?.echo === true ? "refuse" : "shift"),
    plan,
    decoding,
  };
}

type Tools = Pick<ChatParams, "tools" | "toolChoice" | "parallelToolCalls">;

export function renderOptions({ thinking, reasoningEffort, templateKwargs, ...calls }: RenderFields & Tools): RenderOptions {
  return {
    ...PLAIN_RENDER,
    tools: calls.tools ?? [],
    toolChoice: calls.toolChoice ?? "auto",
    parallelToolCalls: calls.parallelToolCalls ?? null,
    thinking: thinking ?? null,
    reasoningEffort: reasoningEffort ?? null,
    kwargs: templateKwargs ?? {},
  };
}

/** A preset's system turn stands where the conversation has none of its own. */
function withSystem(messages: readonly ChatMessage[], system: string | undefined): ChatMessage[] {
  if (system === undefined || messages.some((message) => message.role === "system")) return [...messages];
  return [{ role: "system", content: system }, ...messages];
}
