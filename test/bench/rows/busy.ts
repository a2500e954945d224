/** One answer on a machine that others use, too: ours beside llama.cpp's server, ours against itself when idle, and round trips. */
import { setTimeout as sleep } from "node:timers/promises";
import { BusyProcesses } from "../busy.ts";
import { type Completion, stream } from "../completion.ts";
import { compare, quantile, rate, round, type Side } from "../measure.ts";
import { buildLlamaServer } from "../peer/build.ts";
import { LlamaServer } from "../peer/server.ts";
import { endless, PROMPT, type Service, startService } from "../service.ts";
import { type BenchContext, type Figure, REAL, type Row } from "../types.ts";

const SERVING = { sequences: 1, contextSize: 1024 };
const TOKENS = 64;
/** so that the governor knows the model before anything is measured */
const LEARNING = 200;

interface Pair {
  readonly ours: Service;
  readonly bias: Record<string, number>;
}

function asking({ ours, bias }: Pair, tokens: number): Side {
  const body = { model: ours.model, prompt: PROMPT, max_tokens: tokens, temperature: 0, logit_bias: bias };
  return writing(tokens, { url: ours.daemon.url, token: ours.daemon.token, body });
}

function writing(tokens: number, completion: Completion): Side {
  return () =>
    rate(tokens, async () => {
      await stream(completion);
    });
}

async function withOurs<T>(bench: BenchContext, work: (pair: Pair) => Promise<T>): Promise<T> {
  const bias = await endless(bench.model);
  const ours = await startService(bench, SERVING);
  try {
    await asking({ ours, bias }, LEARNING)();
    return await work({ ours, bias });
  } finally {
    await ours.dispose();
  }
}

async function beside<T>(count: number, work: () => Promise<T>): Promise<T> {
  const others = new BusyProcesses(count);
  try {
    await sleep(500);
    return await work();
  } finally {
    others.stop();
  }
}

function busyRow(count: number): Row {
  return {
    id: `busy.${count}`,
    title: `one answer beside ${count} busy processes: ours / llama.cpp's server`,
    bar: 2,
    better: "higher",
    models: REAL,
    run: async (bench) => {
      const executable = await buildLlamaServer(bench.cache, bench.note);
      const peer = await LlamaServer.start({ ...SERVING, executable, path: bench.model.path, threads: bench.threads, controlVector: null });
      try {
        const body = (bias: Record<string, number>) => ({
          ...{ prompt: PROMPT, max_tokens: TOKENS, temperature: 0, ignore_eos: true, logit_bias: bias },
        });
        return await withOurs(bench, (pair) =>
          beside(count, async () => [
            await compare(bench, {
              ours: asking(pair, TOKENS),
              base: writing(TOKENS, { url: peer.url, token: null, body: body(pair.bias) }),
            }),
          ]),
        );
      } finally {
        peer.stop();
      }
    },
  };
}

export const busyRows: readonly Row[] = [1, 2, 4].map(busyRow);

export const busyIdle: Row = {
  id: "busy.idle",
  title: "one answer beside one busy process / on the idle machine",
  bar: 0.8,
  better: "higher",
  models: REAL,
  run: (bench) =>
    withOurs(bench, async (pair) => {
      const idle = asking(pair, TOKENS);
      return [await compare(bench, { ours: () => beside(1, asking(pair, TOKENS)), base: idle })];
    }),
};

/** Round trips on the socket while an answer is being written beside four busy processes, milliseconds. */
export const busySocket: Row = {
  id: "busy.socket",
  title: "round trip on the socket under load, 95th percentile, ms",
  bar: 50,
  better: "lower",
  models: REAL,
  run: (bench) =>
    withOurs(bench, async (pair): Promise<Figure[]> => {
      const times = await beside(4, async () => {
        let writing = true;
        const answer = asking(pair, TOKENS * 4)().finally(() => {
          writing = false;
        });
        const measured: number[] = [];
        while (writing) {
          const start = performance.now();
          await pair.ours.client.call("daemon.status", {});
          measured.push(performance.now() - start);
          await sleep(20);
        }
        await answer;
        return measured;
      });
      const value = quantile(times, 0.95);
      return [
        {
          value,
          n: times.length,
          spread: quantile(times, 0.75) - quantile(times, 0.25),
          detail: `median ${round(quantile(times, 0.5))} ms`,
        },
      ];
    }),
};
