/**
 * A slider moves in mid-answer, over the socket: how many decodes start after the acknowledgement and still run under the
 * old strength. Judged by the logits, not by what the daemon says: the answer's tokens are forced, so the first logits that
 * differ from an unmoved run are the first under the new strength.
 */
import { CONTROL, PROMPT, type Service, startService } from "../service.ts";
import type { Figure, Row } from "../types.ts";

const LENGTH = 48;
/** the same in every step: only the strength makes a difference */
const FORCED = Array.from({ length: LENGTH }, (_, i) => 265 + ((i * 53) % 200));
/** far from what the order of sums in another batch changes */
const DIFFERENT = 0.02;
const STRONG = 200;
/** A step must take longer than the engine collects tokens (4 ms), or the client cannot tell which decodes have started. */
const STEP_MS = 10;
const MOST = 63;

interface Run {
  readonly logits: number[][];
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
        const first = moved.logits.findIndex((row, i) => distance(row, still.logits[i]!) > DIFFERENT);
        if (first < 0) throw new Error("the move changed no logits");
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
  const logits: number[][] = [];
  let acknowledged: Promise<number> | null = null;
  const steering = { rack, set: { [CONTROL]: 0 } };
  const running = client.complete(
    { model, prompt: PROMPT, forced: FORCED, logits: true, steering },
    {
      onToken: (token) => {
        logits.push(token.logits ?? []);
        if (logits.length === moveAt) acknowledged = running.set({ [CONTROL]: STRONG }).then(() => logits.length);
      },
    },
  );
  await running.result;
  await Promise.all(companions.map(async (one) => one.cancel().then(() => one.result)));
  return { logits, arrived: (await acknowledged) ?? 0 };
}

/** max|a − b| / max|b| */
function distance(a: readonly number[], b: readonly number[]): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    largest = Math.max(largest, Math.abs(b[i]!));
  }
  return difference / largest;
}
