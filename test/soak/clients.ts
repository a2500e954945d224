/** Clients of mixed kinds, each a loop of requests until it is told to end. What each got is counted by kind. */
import assert from "node:assert/strict";
import type { TestDaemon } from "../support/daemon.ts";
import { connect, RpcError, type Wire } from "../support/rpc.ts";
import { ENDLESS } from "../support/steered-home.ts";

/** What became of requests; `silent` is none of these: no answer, no error that says something. */
export interface Counts {
  answered: number;
  /** errors by their code */
  readonly refused: Record<string, number>;
  readonly silent: string[];
}

export interface Soak {
  readonly daemon: TestDaemon;
  readonly model: string;
  /** steers it */
  readonly preset: string;
  readonly over: () => boolean;
  readonly counts: Record<string, Counts>;
}

type Kind = (soak: Soak, client: number, count: Counts) => Promise<void>;

const tokens = (client: number, turn: number): number => 4 + ((client * 7 + turn * 13) % 40);
const say = (client: number, turn: number) => [{ role: "user", content: `Say something about ${client} and ${turn}.` }];

/** Over the WebSocket: chats under a preset whose slider moves; every fifth is cancelled. */
const socket: Kind = async ({ daemon, model, preset, over }, client, count) => {
  let rpc = await connect(daemon.url, { token: daemon.token });
  for (let turn = 0; !over(); turn++) {
    const stream = `s${turn}`;
    try {
      const asked = {
        model,
        stream,
        messages: say(client, turn),
        steering: { preset },
        sampling: { maxTokens: tokens(client, turn) },
        ...ENDLESS,
      };
      const answer = rpc.answer("generate.chat", asked);
      const moved = rpc.call("steer.set", { stream, set: { shift: turn % 3 } });
      const ended = turn % 5 === 4 ? rpc.call("generate.cancel", { stream }) : null;
      const results = await Promise.allSettled([answer, moved, ended]);
      for (const result of results) if (result.status === "rejected") refused(count, result.reason);
      if (results[0]!.status === "fulfilled") count.answered++;
    } catch (error) {
      refused(count, error);
      rpc = await connect(daemon.url, { token: daemon.token });
    }
    rpc.notifications.length = 0;
  }
  await rpc.close();
};

/** One request after the other over HTTP, each judged by its own reader. */
function http(path: string, body: (soak: Soak, client: number, turn: number) => object, read: (response: Response) => Promise<void>): Kind {
  return async (soak, client, count) => {
    for (let turn = 0; !soak.over(); turn++) {
      try {
        const response = await soak.daemon.post(path, body(soak, client, turn));
        if (response.ok) {
          await read(response);
          count.answered++;
        } else {
          const { error } = (await response.json()) as Wire;
          const code = typeof error === "string" ? `http ${response.status}` : (error?.code ?? `http ${response.status}`);
          const words = typeof error === "string" ? error : error?.message;
          if (typeof words === "string" && words !== "") count.refused[code] = (count.refused[code] ?? 0) + 1;
          else count.silent.push(`${path}: ${response.status} without words`);
          // as clients do that are told to wait
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      } catch (error) {
        refused(count, error);
      }
    }
  };
}

/** Reads a stream of events to its end, which must come: `[DONE]`, or an error in words. */
async function events(response: Response): Promise<void> {
  const text = await response.text();
  const failed = /^data: \{"error":\{.*?"message":"([^"]+)"/m.exec(text);
  if (failed !== null) throw new Told(failed[1]!);
  assert.match(text, /data: \[DONE\]\s*$/, `a stream ended as ${JSON.stringify(text.slice(-200))}`);
}

/** An error that a stream told in words. */
class Told extends Error {}

async function lines(response: Response): Promise<void> {
  const last = JSON.parse((await response.text()).trim().split("\n").at(-1)!) as Wire;
  if (typeof last.error === "string" && last.error !== "") throw new Told(last.error);
  assert.equal(last.done, true, `a stream ended as ${JSON.stringify(last)}`);
}

const json = async (response: Response): Promise<void> => {
  const body = (await response.json()) as object;
  assert.ok(Object.keys(body).length > 0);
};

/** Goes away in the middle of its stream. */
const leaving: Kind = async ({ daemon, model, over }, client, count) => {
  for (let turn = 0; !over(); turn++) {
    const abort = new AbortController();
    try {
      const body = JSON.stringify({ model, messages: say(client, turn), stream: true, max_tokens: 400 });
      const headers = { "content-type": "application/json" };
      const response = await daemon.fetch("/v1/chat/completions", { method: "POST", headers, body, signal: abort.signal });
      const reader = response.body!.getReader();
      await reader.read();
      abort.abort();
      count.answered++;
    } catch (error) {
      refused(count, error);
    }
  }
};

const chat = (stream: boolean) => (soak: Soak, client: number, turn: number) => ({
  ...{ model: turn % 2 === 0 ? soak.model : `${soak.model}@${soak.preset}`, messages: say(client, turn), stream },
  max_tokens: tokens(client, turn),
});

export const KINDS: Readonly<Record<string, Kind>> = {
  socket,
  chat: http("/v1/chat/completions", chat(false), json),
  stream: http("/v1/chat/completions", chat(true), events),
  completions: http(
    "/v1/completions",
    ({ model }, client, turn) => ({ model, prompt: `${client} ${turn}`, n: 2, max_tokens: tokens(client, turn) }),
    json,
  ),
  responses: http(
    "/v1/responses",
    ({ model }, client, turn) => ({ model, input: `Say ${client} ${turn}`, max_output_tokens: tokens(client, turn) }),
    json,
  ),
  embeddings: http("/v1/embeddings", ({ model }, client, turn) => ({ model, input: [`${client}`, `${turn} and more`] }), json),
  ollama: http(
    "/api/chat",
    ({ model }, client, turn) => ({ model, messages: say(client, turn), options: { num_predict: tokens(client, turn) } }),
    lines,
  ),
  leaving,
};

function refused(count: Counts, error: unknown): void {
  const code = error instanceof RpcError ? error.code : error instanceof Told ? "in the stream" : null;
  if (code !== null) count.refused[code] = (count.refused[code] ?? 0) + 1;
  else count.silent.push(error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error));
}
