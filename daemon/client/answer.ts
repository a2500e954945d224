/** One running answer: its events as callbacks, its sliders, its result. */
import type { Answer, Token } from "../protocol/api/generate.ts";
import type { NotificationParams, ParamsIn, Result } from "../protocol/api/index.ts";
import type { Calls } from "./calls.ts";
import { ClientError } from "./error.ts";

export interface AnswerHandlers {
  onStart?(params: NotificationParams<"generate.start">): void;
  onToken?(token: Token): void;
  /** the first token under changed strengths was written */
  onSteering?(params: NotificationParams<"generate.steering">): void;
  /** ends the answer; its result then arrives with reason `cancelled` and what was written so far */
  readonly signal?: AbortSignal;
}

export interface AnswerStream {
  readonly stream: string;
  readonly result: Promise<Answer>;
  /** Moves sliders; the first decode that starts after this resolves runs under them. */
  set(controls: Record<string, number>): Promise<Result<"steer.set">>;
  cancel(): Promise<boolean>;
}

type Named = "generate.chat" | "generate.complete";

export function startAnswer<M extends Named>(
  client: Calls,
  method: M,
  params: ParamsIn<M> & { stream: string },
  handlers: AnswerHandlers,
): AnswerStream {
  const { stream } = params;
  const cancel = async (): Promise<boolean> => (await client.call("generate.cancel", { stream })).cancelled;
  return {
    stream,
    result: run(client, method, params, handlers, cancel),
    set: (controls) => client.call("steer.set", { stream, set: controls }),
    cancel,
  };
}

async function run<M extends Named>(
  client: Calls,
  method: M,
  params: ParamsIn<M> & { stream: string },
  handlers: AnswerHandlers,
  cancel: () => Promise<boolean>,
): Promise<Answer> {
  const { signal } = handlers;
  if (signal?.aborted) throw new ClientError("cancelled", "the answer was cancelled before it began");
  const own = { stream: params.stream };
  const tokens: Token[] = [];
  const abort = (): void => void cancel().catch(() => undefined);
  const ends = [
    client.on("generate.start", (event) => event.stream === own.stream && handlers.onStart?.(event)),
    client.on("generate.token", (event) => {
      if (event.stream !== own.stream) return;
      for (const token of event.tokens) {
        const { logits: _, ...kept } = token;
        tokens.push(kept);
        handlers.onToken?.(token);
      }
    }),
    client.on("generate.steering", (event) => event.stream === own.stream && handlers.onSteering?.(event)),
    () => signal?.removeEventListener("abort", abort),
  ];
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return { ...(await client.call(method, params)), tokens } as Answer;
  } finally {
    for (const end of ends) end();
  }
}

/** 96 random bits in the alphabet of stream ids. */
export function newStreamId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
