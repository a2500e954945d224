/**
 * A slider moves in mid-answer, over the socket: how many decodes start after the acknowledgement and still run under the
 * old strength. Judged by the probabilities, not by what the daemon says: the answer's tokens are forced, so the first
 * log-probability that differs from an unmoved run is the first under the new strength.
 */
import { CONTROL, PROMPT, type Service, startService } from "../service.ts";
import type { Figure, Row } from "../types.ts";

const LENGTH = 48;
/** the same in every step: only the strength makes a difference */
const FORCED = Array.from({ length: LENGTH }, (_, i) => 265 + ((i * 53) % 200));
/** far above what the order of sums in another batch changes, far below what the move does */
const DIFFERENT = 0.05;
const STRONG = 200;
/** A step must take longer than the acknowledgement's way to the client, or more decodes have started by then. */
const STEP_MS = 10;
const MOST = 63;

interface Run {
  readonly logprobs: number[];
  /** tokens that had arrived when the acknowledgement came */
  readonly arrived: number;
}

export const steerLatency: Row = {
  id: "steer.latency",
  title: "decodes that start after the acknowledgement under the old strength",
  bar: 0,
  better: "lower",
  async run(bench) {
    const service = await startService(bench, { sequences: MOST + 1, contextSize: 256 });
    try {
      const others = await companions(service);
      const still = await answer(service, others, null);
      const late: number[] = [];
      for (let move = 0; move < 3 * bench.pairs; move++) {
        const at = 6 + ((move * 7) % (LENGTH - 20));
        const moved = await answer(service, others, at);
        const first = moved.logprobs.findIndex((value, i) => Math.abs(value - still.logprobs[i]!) > DIFFERENT);
        if (first < 0) throw new Error("the move changed nothing");
        // tokens 0 … arrived−1 are here, so `arrived` was being decoded; the one after it started after the acknowledgement
        late.push(Math.max(0, first - (moved.arrived + 1)));
      }
      const figure: Figure = {
        value: Math.max(...late),
        n: late.length,
        spread: Math.max(...late) - Math.min(...late),
        detail: `most of ${late.length} moves, ${others} other answers running`,
      };
      return [figure];
    } finally {
      await service.dispose();
    }
  },
};

/** How many other answers make a step long enough. */
async function companions(service: Service): Promise<number> {
  const { stats } = await service.client.complete({ model: service.model, prompt: PROMPT, forced: FORCED }).result;
  const step = 1000 / Math.max(stats.tokensPerSecond, 1);
  // a further sequence costs less than the first
  return step >= STEP_MS ? 0 : Math.min(MOST, Math.ceil((2 * STEP_MS) / step));
}

async function answer({ client, model, rack }: Service, others: number, moveAt: number | null): Promise<Run> {
  const companions = Array.from({ length: others }, (_, i) =>
    client.complete({ model, prompt: `${i} ${PROMPT}`, forced: [...FORCED, ...FORCED] }),
  );
  const logprobs: number[] = [];
  let acknowledged: Promise<number> | null = null;
  const steering = { rack, set: { [CONTROL]: 0 } };
  const running = client.complete(
    { model, prompt: PROMPT, forced: FORCED, steering },
    {
      onToken: (token) => {
        logprobs.push(token.logprob);
        if (logprobs.length !== moveAt) return;
        acknowledged = running.set({ [CONTROL]: STRONG }).then(() => logprobs.length);
        // awaited below; until then its failure is not unhandled
        acknowledged.catch(() => undefined);
      },
    },
  );
  await running.result;
  await Promise.all(companions.map(async (one) => one.cancel().then(() => one.result)));
  return { logprobs, arrived: (await acknowledged) ?? 0 };
}
