/** Our daemon against llama.cpp's own server: same model, prompt, threads, cache and length, greedy, streamed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Completion, stream } from "../completion.ts";
import { compare, lengthFor, rate, type Side } from "../measure.ts";
import { buildLlamaServer } from "../peer/build.ts";
import { LlamaServer } from "../peer/server.ts";
import { endless, PROMPT, type Service, startService } from "../service.ts";
import type { BenchContext, Figure, Row } from "../types.ts";

interface Pair {
  readonly ours: Service;
  readonly plain: LlamaServer;
  readonly steered: LlamaServer;
  readonly bias: Record<string, number>;
  readonly streams: number;
}

function peerRow(id: string, title: string, streams: number, sockets: boolean): Row {
  return { id, title, bar: 1, better: "higher", run: (bench) => run(bench, streams, sockets) };
}

export const peerLlamaServer = peerRow("peer.llama-server", "tokens per second, one stream: ours / llama.cpp's server", 1, true);
export const peerParallel8 = peerRow("peer.parallel.8", "tokens per second, 8 streams: ours / llama.cpp's server", 8, false);
export const peerParallel32 = peerRow("peer.parallel.32", "tokens per second, 32 streams: ours / llama.cpp's server", 32, false);

async function run(bench: BenchContext, streams: number, sockets: boolean): Promise<Figure[]> {
  const executable = await buildLlamaServer(bench.cache, bench.note);
  const serving = { sequences: streams, contextSize: 1024 };
  const bias = await endless(bench.model);
  const ours = await startService(bench, serving);
  const peers: LlamaServer[] = [];
  try {
    const vector = join(bench.folder, `control-vector-${bench.model.name}.gguf`);
    writeFileSync(vector, ours.controlVector);
    const options = { ...serving, executable, path: bench.model.path, threads: bench.threads };
    const start = async (controlVector: string | null): Promise<LlamaServer> => {
      const server = await LlamaServer.start({ ...options, controlVector });
      peers.push(server);
      return server;
    };
    const pair: Pair = { ours, plain: await start(null), steered: await start(vector), bias, streams };
    return await figures(bench, pair, sockets);
  } finally {
    for (const server of peers) server.stop();
    await ours.dispose();
  }
}

async function figures(bench: BenchContext, pair: Pair, sockets: boolean): Promise<Figure[]> {
  await theirs(pair, pair.plain, 8)();
  const most = 800;
  const length = lengthFor(bench, (await theirs(pair, pair.plain, 8)()) / pair.streams, 16, most);
  const comparisons = [
    { part: "HTTP", ours: http(pair, length, false), base: theirs(pair, pair.plain, length) },
    { part: "HTTP, control vector", ours: http(pair, length, true), base: theirs(pair, pair.steered, length) },
    ...(sockets
      ? [
          { part: "WebSocket", ours: socket(pair, length, false), base: theirs(pair, pair.plain, length) },
          { part: "WebSocket, control vector", ours: socket(pair, length, true), base: theirs(pair, pair.steered, length) },
        ]
      : []),
  ];
  const out: Figure[] = [];
  for (const comparison of comparisons) out.push(await compare(bench, comparison));
  return out;
}

/** All streams at once; each begins differently, so that none can take another's cache. */
function together(streams: number, length: number, one: (prompt: string) => Promise<number>): Side {
  return () =>
    rate(streams * length, async () => {
      const written = await Promise.all(Array.from({ length: streams }, (_, i) => one(streams === 1 ? PROMPT : `${i + 1}. ${PROMPT}`)));
      for (const tokens of written) if (tokens !== length) throw new Error(`an answer has ${tokens} tokens instead of ${length}`);
    });
}

function theirs({ bias, streams }: Pair, server: LlamaServer, length: number): Side {
  const completion = (prompt: string): Completion => ({
    url: server.url,
    token: null,
    body: { prompt, max_tokens: length, temperature: 0, ignore_eos: true, logit_bias: bias },
  });
  return together(streams, length, async (prompt) => (await stream(completion(prompt))).answer);
}

function http({ ours, bias, streams }: Pair, length: number, steered: boolean): Side {
  const completion = (prompt: string): Completion => ({
    url: ours.daemon.url,
    token: ours.daemon.token,
    body: {
      ...{ model: ours.model, prompt, max_tokens: length, temperature: 0, logit_bias: bias },
      ...(steered ? { steering: { rack: ours.rack } } : {}),
    },
  });
  return together(streams, length, async (prompt) => (await stream(completion(prompt))).answer);
}

function socket({ ours, bias, streams }: Pair, length: number, steered: boolean): Side {
  const steering = steered ? { steering: { rack: ours.rack } } : {};
  const sampling = { temperature: 0, maxTokens: length };
  return together(streams, length, async (prompt) => {
    const answer = await ours.client.complete({ model: ours.model, prompt, sampling, logitBias: bias, ...steering }).result;
    return answer.tokens.length;
  });
}
