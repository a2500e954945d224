/** Notifications of the daemon → actions. Tokens are gathered and shown once per animation frame. */
import type { Token } from "../../daemon/protocol/api/generate.ts";
import type { Store } from "../store/store.ts";
import type { Client } from "./client.ts";
import { nextFrame } from "./frame.ts";
import { refreshLibrary } from "./library.ts";
import { stoppingProblem } from "./problem.ts";

/** @returns a function that takes the listeners off again */
export function wire(client: Client, store: Store): () => void {
  const pending = new Map<string, Token[]>();
  const flush = () => {
    for (const [stream, tokens] of pending) store.dispatch({ type: "answer/tokens", stream, tokens });
    pending.clear();
  };
  const ends = [
    client.on("generate.start", ({ stream, model, seed, steered, overflow }) =>
      store.dispatch({ type: "answer/started", stream, model, seed, steered, overflow }),
    ),
    client.on("generate.token", ({ stream, tokens }) => {
      if (pending.size === 0) nextFrame(flush);
      pending.set(stream, [...(pending.get(stream) ?? []), ...tokens]);
    }),
    client.on("generate.steering", ({ stream, token, controls, steered }) =>
      store.dispatch({ type: "answer/steering", stream, token, controls, steered }),
    ),
    client.on("generate.end", ({ stream, reason, message }) => {
      flush();
      const problem = {
        what: reason === "engine-crashed" ? "The model's engine ended in the middle of the answer" : "The answer ended early",
        why: message,
        next: "What was written is kept. Try again.",
        fix: { label: "Try again", kind: "retry" },
      } as const;
      store.dispatch({ type: "answer/failed", stream, reason, problem });
    }),
    client.on("model.changed", ({ model }) => {
      store.dispatch({ type: "library/model", model });
      if (model.state !== "loading") store.dispatch({ type: "library/progress", model: model.id, progress: null });
    }),
    client.on("model.progress", ({ model, phase, fraction, bytes, totalBytes }) => {
      const progress = fraction >= 1 ? null : { phase, fraction, bytes: bytes ?? null, totalBytes: totalBytes ?? null };
      store.dispatch({ type: "library/progress", model, progress });
    }),
    client.on("job.changed", (job) => {
      store.dispatch({ type: "library/job", job });
      if (job.state === "done") void refreshLibrary(client, store);
    }),
    client.on("daemon.stopping", ({ reason }) =>
      store.dispatch({
        type: "link",
        link: { phase: "stopping", problem: stoppingProblem(reason) },
      }),
    ),
  ];
  return () => {
    flush();
    for (const end of ends) end();
  };
}
