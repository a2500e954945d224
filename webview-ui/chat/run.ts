/** Asks for one answer and follows it to its end. The page keeps no other state about it than the store's. */
import { startAnswer } from "../../daemon/client/answer.ts";
import type { Message } from "../../daemon/protocol/message.ts";
import { subscribeHeat } from "../heatmap/watch.ts";
import { codeOf, problemOf } from "../link/problem.ts";
import { fingerprintOf, fitting, isForeign } from "../rack/foreign.ts";
import type { Pusher } from "../rack/push.ts";
import { rackOnWire } from "../rack/steering.ts";
import type { AnswerState } from "../store/state.ts";
import type { App } from "../store/store.ts";
import { rawPromptOf } from "./messages.ts";

export interface AskOptions {
  readonly stream: string;
  readonly messages: readonly Message[];
  readonly seed: number;
  readonly steered: boolean;
  /** show the activations of this one in the heatmap */
  readonly heat: boolean;
}

export const TOP_LOGPROBS = 5;
const AGAIN_MS = 50;

export async function ask(app: App, pusher: Pusher, { stream, messages, seed, steered, heat }: AskOptions): Promise<AnswerState | null> {
  const { store } = app;
  const state = store.get();
  const { sampling, model, library } = state;
  const { rack, left } = fitting(state);
  const fits = !isForeign(
    library.artifacts.find(({ id }) => id === state.probe),
    fingerprintOf(state),
  );
  const probe = fits ? state.probe : null;
  const wire = steered ? rackOnWire(rack, library.methods) : null;
  const strengths = Object.fromEntries(Object.entries(wire?.controls ?? {}).map(([name, { strength }]) => [name, strength]));
  store.dispatch({ type: "answer/asked", stream, model, seed, probe, controls: Object.keys(strengths), left: steered ? left : [] });
  const common = {
    stream,
    ...(model === null ? {} : { model }),
    ...(wire === null ? {} : { steering: { rack: wire } }),
    sampling: { ...rack.rest.sampling, ...sampling.values, seed },
    stop: [...sampling.stop],
    topLogprobs: TOP_LOGPROBS,
    ...(probe === null ? {} : { probes: [probe] }),
  };
  const raw = library.models.find(({ id }) => id === model)?.hasChatTemplate === false;
  try {
    const client = app.client();
    if (heat) await subscribeHeat(client, store, stream);
    if (wire !== null) pusher.opened(stream, strengths);
    const answer = raw
      ? await startAnswer(client, "generate.complete", { ...common, prompt: rawPromptOf(messages) }, {}).result
      : await startAnswer(client, "generate.chat", { ...common, messages: [...messages] }, {}).result;
    store.dispatch({ type: "answer/ended", answer });
  } catch (error) {
    const reason = codeOf(error) === "engine-crashed" ? "engine-crashed" : "error";
    store.dispatch({ type: "answer/failed", stream, reason, problem: problemOf(error) });
  } finally {
    pusher.closed(stream);
  }
  return store.get().answers[stream] ?? null;
}

/** Ends an answer; its result arrives as usual, with the reason `cancelled`. */
export async function stop({ client, store }: App, stream: string): Promise<void> {
  try {
    // Stop may be pressed before the daemon has heard of the answer: it is told again until it has, or the answer is over.
    while ((store.get().answers[stream]?.phase ?? "ended") !== "ended") {
      if ((await client().call("generate.cancel", { stream })).cancelled) return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  } catch (error) {
    store.dispatch({ type: "answer/failed", stream, reason: "error", problem: problemOf(error, "The answer could not be stopped") });
  }
}
