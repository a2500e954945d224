/** Tokens per second through the daemon's WebSocket against the engine process asked directly. */
import { EngineUnderTest } from "../../support/engine.ts";
import { compare, lengthFor, rate } from "../measure.ts";
import { endless, PROMPT, startService } from "../service.ts";
import type { Row } from "../types.ts";

const SERVING = { sequences: 1, contextSize: 1024 };

export const daemonSocket: Row = {
  id: "daemon.socket",
  title: "daemon over WebSocket / the engine called directly",
  bar: 0.95,
  better: "higher",
  async run(bench) {
    const logitBias = await endless(bench.model);
    const service = await startService(bench, SERVING);
    try {
      const options = { ...SERVING, threads: bench.threads, kvType: "f16" as const };
      const engine = await EngineUnderTest.load(bench.model.path, options);
      try {
        const direct = (maxTokens: number) => () =>
          rate(maxTokens, async () => {
            await engine.generate({ prompt: PROMPT, sampling: { temperature: 0, maxTokens }, logitBias });
          });
        const socket = (maxTokens: number) => () =>
          rate(maxTokens, async () => {
            await service.client.complete({ model: service.model, prompt: PROMPT, sampling: { temperature: 0, maxTokens }, logitBias })
              .result;
          });
        await direct(8)();
        const length = lengthFor(bench, await direct(8)(), 16, 800);
        return [await compare(bench, { ours: socket(length), base: direct(length) })];
      } finally {
        await engine.stop();
      }
    } finally {
      await service.dispose();
    }
  },
};
