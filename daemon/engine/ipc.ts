/** The daemon's end of this process: requests in, results and events out. */
import type { EngineEventName, EngineEvents, EngineRequestName, EngineRequests, FromEngine, ToEngine } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import type { SentPlan } from "../protocol/plan.ts";
import { mapPlans } from "../protocol/rules/map-plans.ts";
import { HeldPlans } from "./steering/held.ts";
import type { LoweredPlan } from "./steering/lowered.ts";

export type Handlers = { [N in EngineRequestName]: (params: EngineRequests<LoweredPlan>[N][0]) => unknown };

const plans = new HeldPlans();

let outstanding = 0;
let waiting: FromEngine[] = [];

/** What is said in one turn goes out together, in its order: a message costs as much as what eight answers have to say. */
export function send(message: FromEngine): void {
  if (waiting.length === 0) queueMicrotask(post);
  waiting.push(message);
}

function post(): void {
  const messages = waiting;
  waiting = [];
  if (!process.connected) return;
  outstanding++;
  // A parent that went away is met by the disconnect event, not here.
  process.send?.(messages, undefined, {}, () => {
    outstanding--;
  });
}

/** Resolves when everything sent so far was handed to the operating system, or nobody listens any more. */
export async function flushed(): Promise<void> {
  while ((outstanding > 0 || waiting.length > 0) && process.connected) await new Promise((resolve) => setTimeout(resolve, 1));
}

export function emit<N extends EngineEventName>(name: N, params: EngineEvents[N]): void {
  send({ type: "event", name, params } as FromEngine);
}

/** Answers one request. */
export async function answer(message: ToEngine, handlers: Handlers): Promise<void> {
  const { id } = message;
  let reply: FromEngine;
  try {
    // before anything that may refuse the request: plans that follow build on what came with it
    const params = mapPlans<EngineRequestName, SentPlan, LoweredPlan>(message.params, (plan) => plans.open(plan));
    const handler = handlers[message.name] as ((params: unknown) => unknown) | undefined;
    if (handler === undefined) throw new TillerError("unknown-method", `the engine has no '${String(message.name)}'`);
    reply = { type: "result", id, result: await handler(params) };
  } catch (error) {
    reply = { type: "error", id, error: TillerError.from(error).toWire() };
  }
  send(reply);
}
