/** Block-wise best of eight, counting the tokens that all candidates sample, against eight plain answers at once. */
import { compare, lengthFor, type Side } from "../measure.ts";
import { endless, PROMPT, type Service, startService } from "../service.ts";
import type { BenchContext, Row } from "../types.ts";

const CANDIDATES = 8;
const BLOCK = 32;

export const bestOf: Row = {
  id: "best-of.8",
  title: "block-wise best of 8 (blocks of 32), tokens of all candidates / 8 plain answers at once",
  bar: 0.6,
  better: "higher",
  run: async (bench: BenchContext) => {
    const logitBias = await endless(bench.model);
    const service = await startService(bench, { sequences: CANDIDATES, contextSize: 1024 });
    try {
      const trial = await plain(service, logitBias, BLOCK)();
      const blocks = Math.max(1, Math.round(lengthFor(bench, trial / CANDIDATES, BLOCK, 512) / BLOCK));
      return [await compare(bench, { ours: best(service, logitBias, blocks * BLOCK), base: plain(service, logitBias, blocks * BLOCK) })];
    } finally {
      await service.dispose();
    }
  },
};

const sampling = (maxTokens: number, seed: number) => ({ temperature: 1, maxTokens, seed });

/** tokens per second of all eight together */
function plain({ client, model }: Service, logitBias: Record<string, number>, tokens: number): Side {
  return async () => {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: CANDIDATES }, (_, seed) =>
        client.call("generate.complete", { model, stream: `p${seed}`, prompt: PROMPT, sampling: sampling(tokens, seed), logitBias }),
      ),
    );
    return (CANDIDATES * tokens * 1000) / (performance.now() - start);
  };
}

function best({ client, model }: Service, logitBias: Record<string, number>, tokens: number): Side {
  const rewards = { e: { is: "pattern" as const, pattern: "[aeiou]$", weight: 1 } };
  const steering = { rack: { controls: {}, decoding: { best: { candidates: CANDIDATES, block: BLOCK, rewards } } } };
  return async () => {
    const start = performance.now();
    const { decoding } = await client.call("generate.complete", {
      ...{ model, stream: "best", prompt: PROMPT, sampling: sampling(tokens, 1), logitBias, steering },
    });
    return (decoding!.best!.passesPerToken * tokens * 1000) / (performance.now() - start);
  };
}
