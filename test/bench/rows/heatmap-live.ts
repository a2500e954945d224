/** Decoding while every neuron of every layer is sent thirty times a second, against decoding without. */
import { EngineUnderTest } from "../../support/engine.ts";
import { compare, lengthFor, rate } from "../measure.ts";
import { endless, PROMPT } from "../service.ts";
import type { Row } from "../types.ts";

const FPS = 30;

export const heatmapLive: Row = {
  id: "heatmap.live",
  title: "decode with a live heatmap of every neuron at 30 frames a second / without",
  bar: 0.9,
  better: "higher",
  async run(bench) {
    const logitBias = await endless(bench.model);
    const options = { sequences: 1, contextSize: 1024, threads: bench.threads, kvType: "f16" as const };
    const engine = await EngineUnderTest.load(bench.model.path, options);
    let answers = 0;
    let frames = 0;
    engine.listen(({ name }) => {
      if (name === "live") frames++;
    });
    try {
      const side = (maxTokens: number, watched: boolean) => async () => {
        const id = `bench:${++answers}`;
        const watch = { id, site: "mlp.mid" as const, layers: null, fps: FPS, encoding: "u8" as const };
        if (watched) await engine.request("watch", watch);
        // the events of one answer only: this process keeps what it receives
        engine.events.length = 0;
        const speed = await rate(maxTokens, async () => {
          await engine.generate({ id, prompt: PROMPT, sampling: { temperature: 0, maxTokens }, logitBias });
        });
        if (watched) await engine.request("unwatch", { id });
        return speed;
      };
      await side(8, false)();
      const length = lengthFor(bench, await side(8, false)(), 16, 800);
      const figure = await compare(bench, { ours: side(length, true), base: side(length, false) });
      if (frames === 0) throw new Error("the engine sent no frame");
      return [{ ...figure, detail: `${figure.detail}, ${frames} frames` }];
    } finally {
      await engine.stop();
    }
  },
};
