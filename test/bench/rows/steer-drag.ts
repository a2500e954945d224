/** An answer while its sliders are dragged, sixty moves of three controls a second, against the answer left alone. */
import { setTimeout as sleep } from "node:timers/promises";
import { compare, lengthFor, rate } from "../measure.ts";
import { dragged, endless, PROMPT, startService, THREE } from "../service.ts";
import type { Row } from "../types.ts";

const MOVES_PER_SECOND = 60;

export const steerDrag: Row = {
  id: "steer.drag",
  title: `an answer while its three sliders are dragged, ${MOVES_PER_SECOND} moves a second / left alone`,
  bar: 0.97,
  better: "higher",
  async run(bench) {
    const service = await startService(bench, { sequences: 1, contextSize: 1024 });
    const logitBias = await endless(bench.model);
    let moves = 0;
    let changes = 0;
    try {
      const side = (maxTokens: number, moving: boolean) => async () =>
        rate(maxTokens, async () => {
          const { client, model } = service;
          // both sides are steered: only the moves differ
          const steering = { rack: THREE, set: dragged(0) };
          const running = client.complete({ model, prompt: PROMPT, sampling: { temperature: 0, maxTokens }, logitBias, steering });
          let over = false;
          const dragging = async (): Promise<void> => {
            while (moving && !over) {
              await sleep(1000 / MOVES_PER_SECOND);
              // a move that meets the end of the answer is refused
              if (!over) running.set(dragged(++moves)).catch(() => undefined);
            }
          };
          const drag = dragging();
          changes += (await running.result).changes.length;
          over = true;
          await drag;
        });
      await side(8, false)();
      const length = lengthFor(bench, await side(8, false)(), 16, 800);
      const figure = await compare(bench, { ours: side(length, true), base: side(length, false) });
      if (changes === 0) throw new Error("no move was taken");
      return [{ ...figure, detail: `${figure.detail}, ${moves} moves, ${changes} changes` }];
    } finally {
      await service.dispose();
    }
  },
};
