/** `gradient.*` */
import type { Params } from "../../protocol/api/index.ts";
import type { EngineGradient, EngineModel } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { slices } from "../answers/tap-frames.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import { OWNER } from "../transport/auth.ts";
import type { Handlers } from "../transport/dispatch.ts";

export function gradientHandlers(context: DaemonContext): Pick<Handlers, "gradient.run"> {
  const { supervisor, config } = context;
  const running = new Map<string, number>();
  let count = 0;
  return {
    "gradient.run": async (params, { client, signal }) => {
      const account = client.identity.tokenId ?? OWNER;
      const now = running.get(account) ?? 0;
      const most = config.limits.gradientsPerToken;
      if (now >= most)
        throw new TillerError("overloaded", `${now} gradients of this token run or wait already, and ${most} may`, {
          suggestion: "Wait for one to end.",
        });
      running.set(account, now + 1);
      const id = `gradient:${client.id}:${++count}`;
      try {
        const model = await modelFor(context, client.identity, params.model);
        const engine = await supervisor.acquire(model);
        const stop = (): void => void engine.process.request("cancel", { id }).catch(() => undefined);
        signal.addEventListener("abort", stop, { once: true });
        try {
          const wants = placesOf(params, engine.info);
          checkSize(params, wants, engine.info, config.limits.captureBytes);
          const result = await engine.process.request("gradient", { id, ...requestOf(params), wants });
          let frames = 0;
          for (const [i, { site, layer, what }] of wants.entries()) {
            const data = result.wanted[i]!;
            const width = data.length / result.tokens.length;
            const kind = what === "value" ? "site" : what;
            for (const frame of slices({ stream: params.stream, kind, site, layers: [layer], widths: [width] }, data)) {
              if (signal.aborted) throw new TillerError("cancelled", "the request was cancelled");
              await client.outbox.binary(frame);
              frames++;
            }
          }
          const { tokens, texts, loss, answers, micros } = result;
          return { tokens, texts, loss, answers, frames, milliseconds: micros / 1000 };
        } finally {
          signal.removeEventListener("abort", stop);
          engine.release();
        }
      } finally {
        const left = running.get(account)! - 1;
        if (left > 0) running.set(account, left);
        else running.delete(account);
      }
    },
  };
}

function requestOf({ messages, prompt, tokens, answers, shifts }: Params<"gradient.run">): Omit<EngineGradient, "id" | "wants"> {
  return {
    ...{ messages: messages ?? null, prompt: prompt ?? null, tokens: tokens ?? null, head: null, embeddings: null, states: [] },
    answers: answers.map(({ text, tokens: own, weight }) => ({ text: text ?? null, tokens: own ?? null, weight })),
    shifts: shifts.map((shift) => ({ ...shift, values: Float32Array.from(shift.values) })),
  };
}

/** Every place asked for, layer by layer. @throws TillerError out-of-range */
function placesOf({ wants }: Params<"gradient.run">, { sites }: EngineModel): EngineGradient["wants"] {
  return wants.flatMap(({ site, layers, what }) => {
    const there = sites.filter((one) => one.site === site).map(({ layer }) => layer);
    const asked = layers === "all" || site === "embd" || site === "final" ? there : layers;
    const missing = asked.find((layer) => !there.includes(layer));
    if (missing !== undefined)
      throw new TillerError("out-of-range", `${site}: there is no layer ${missing}`, {
        field: "wants",
        suggestion: `The layers are 0 to ${Math.max(...there)}.`,
      });
    return asked.map((layer) => ({ site, layer, what }));
  });
}

/** @throws TillerError too-large, before anything is computed */
function checkSize(params: Params<"gradient.run">, wants: EngineGradient["wants"], model: EngineModel, limit: number): void {
  const characters = params.prompt?.length ?? params.messages?.reduce((sum, { content }) => sum + content.length + 64, 0) ?? 0;
  const tokens = Math.min(params.tokens?.length ?? characters + 1, model.contextSize);
  const width = (want: EngineGradient["wants"][number]): number =>
    model.sites.find(({ site, layer }) => site === want.site && layer === want.layer)?.width ?? 0;
  const values = wants.reduce((sum, want) => sum + width(want), 0);
  if (tokens * values * 4 <= limit) return;
  throw new TillerError(
    "too-large",
    `up to ${tokens} tokens × ${values} values are more than the ${limit} bytes that one capture may have`,
    { field: "wants", suggestion: "Ask for fewer places or a shorter text." },
  );
}
