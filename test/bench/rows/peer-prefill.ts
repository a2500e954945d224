/** How fast a long prompt is read: our daemon against llama.cpp's own server, on real models, over HTTP. */
import { type Completion, stream } from "../completion.ts";
import { compare, type Side } from "../measure.ts";
import { buildLlamaServer } from "../peer/build.ts";
import { LlamaServer } from "../peer/server.ts";
import { startService } from "../service.ts";
import { type BenchContext, type Figure, REAL, type Row } from "../types.ts";

const LENGTHS = [1000, 4000] as const;
const SERVING = { sequences: 1, contextSize: 4608 };
const WORDS = ["town", "sea", "people", "house", "water", "story", "night", "road", "friend", "garden"];

let asked = 0;

/** About so many tokens; no two begin alike, so that nothing comes from a cache. */
function promptOf(tokens: number): string {
  const seed = ++asked;
  return `${seed}. ${Array.from({ length: tokens - 4 }, (_, i) => WORDS[(i * 7 + seed * 3 + (i >> 3)) % WORDS.length]).join(" ")}`;
}

/** Tokens of the prompt per second, until the first token of the answer. */
function reading(length: number, completion: (prompt: string) => Completion): Side {
  return async () => {
    const prompt = promptOf(length);
    const start = performance.now();
    const usage = await stream(completion(prompt));
    return (usage.prompt * 1000) / (performance.now() - start);
  };
}

export const peerPrefill: Row = {
  id: "peer.prefill",
  title: "prompts of 1,000 and 4,000 tokens: ours / llama.cpp's server",
  bar: 1,
  better: "higher",
  models: REAL,
  async run(bench: BenchContext): Promise<Figure[]> {
    const executable = await buildLlamaServer(bench.cache, bench.note);
    const ours = await startService(bench, SERVING);
    try {
      const peer = await LlamaServer.start({ ...SERVING, executable, path: bench.model.path, threads: bench.threads, controlVector: null });
      try {
        const asking = { max_tokens: 1, temperature: 0 };
        const out: Figure[] = [];
        for (const length of LENGTHS)
          out.push(
            await compare(bench, {
              part: `${length} tokens`,
              ours: reading(length, (prompt) => ({
                ...{ url: ours.daemon.url, token: ours.daemon.token },
                body: { ...asking, model: ours.model, prompt },
              })),
              base: reading(length, (prompt) => ({ url: peer.url, token: null, body: { ...asking, prompt } })),
            }),
          );
        return out;
      } finally {
        peer.stop();
      }
    } finally {
      await ours.dispose();
    }
  },
};
