/**
 * Counts, sums and maxima of sites over a corpus, in the native accumulators: what identification reads many tokens for.
 *
 * Texts are read in lanes, each of which has classes of its own until the end: the tokens of one lane come in order, so that the
 * running number of a maximum's token says which token it was, whatever stood beside it in a batch.
 */
import type { EngineAccumulate, PlaceCounts } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import type { AccumulatorResult, NativeContext } from "../model/native.ts";
import { ReadTask } from "./read-task.ts";

/** The next text is there when one has been read. */
const LANES = 2;
/** What the native side may hold: three sums and the place of the maximum in float64, the maximum in float32. */
const MEMORY_LIMIT = 1024 ** 3;
const BYTES = 4 * 8 + 4;
const MOST_CLASSES = 4096;
const PROGRESS_MS = 100;

export interface AccumulatePlace extends SiteAddress {
  readonly width: number;
}

export interface AccumulateHost {
  readonly context: Pick<NativeContext, "setAccumulators" | "readAccumulators">;
  readonly submit: (task: ReadTask) => void;
  /** runs a change between two decodes */
  readonly between: (change: () => void) => void;
  /** sequences of the context */
  readonly sequences: number;
  readonly tokenize: (text: string | Int32Array) => Int32Array;
  readonly progress: (fraction: number) => void;
  /** asked before each text */
  readonly cancelled: () => boolean;
}

/** One lane's texts of one class, in the order in which they were read. */
interface Order {
  readonly texts: number[];
  /** running number of the first token of each */
  readonly starts: number[];
  tokens: number;
}

/** @param places all tapped while this runs. @throws TillerError too-large with the numbers, cancelled */
export async function accumulate(
  request: EngineAccumulate,
  places: readonly AccumulatePlace[],
  host: AccumulateHost,
): Promise<{ places: PlaceCounts[]; tokens: number }> {
  const { texts, classes, classOf } = request;
  const lanes = Math.min(LANES, host.sequences, Math.max(texts.length, 1));
  checkClasses(request, lanes, places);
  const orders = Array.from({ length: lanes * classes }, (): Order => ({ texts: [], starts: [], tokens: 0 }));
  const sites = places.map(({ site, layer }) => ({ site, layer }));
  let [next, finished, told, tokens] = [0, 0, 0, 0];
  const lane = async (index: number): Promise<void> => {
    while (next < texts.length) {
      if (host.cancelled()) throw new TillerError("cancelled", "the reading was cancelled");
      const text = next++;
      const prompt = host.tokenize(texts[text]!);
      const counted = index * classes + classOf[text]!;
      await read(`${request.id}#${text}`, prompt, counted, host);
      const order = orders[counted]!;
      order.texts.push(text);
      order.starts.push(order.tokens);
      order.tokens += prompt.length;
      tokens += prompt.length;
      finished++;
      const now = performance.now();
      if (now - told < PROGRESS_MS && finished < texts.length) continue;
      told = now;
      host.progress(finished / texts.length);
    }
  };
  host.context.setAccumulators({ sites, classes: lanes * classes, bins: 0, low: 0, high: 0 });
  try {
    // all of them, so that none still reads when the others have failed
    const ends = await Promise.allSettled(Array.from({ length: lanes }, (_, index) => lane(index)));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    const results = await between(host, () => host.context.readAccumulators());
    return { places: results.map((result, index) => countsOf(result, places[index]!, orders, classes, lanes)), tokens };
  } finally {
    await between(host, () => host.context.setAccumulators(null)).catch(() => undefined);
  }
}

function checkClasses({ texts, classOf, classes }: EngineAccumulate, lanes: number, places: readonly AccumulatePlace[]): void {
  const wrong = classOf.find((index) => !(Number.isInteger(index) && index >= 0 && index < classes));
  if (classOf.length !== texts.length || wrong !== undefined || classes * lanes > MOST_CLASSES)
    throw new TillerError("invalid-params", `classes: each of ${texts.length} texts is of one of at most ${MOST_CLASSES / lanes}`, {
      field: "classes",
    });
  const bytes = places.reduce((sum, { width }) => sum + width, 0) * classes * lanes * BYTES;
  if (bytes > MEMORY_LIMIT)
    throw new TillerError(
      "too-large",
      `statistics of ${places.length} places in ${classes} classes take ${mib(bytes)} MiB, more than the ${mib(MEMORY_LIMIT)} MiB that they may`,
      { field: "layers", suggestion: "Ask for fewer sites, layers or classes at a time." },
    );
}

function between<T>({ between: run }: AccumulateHost, change: () => T): Promise<T> {
  return new Promise((resolve, reject) =>
    run(() => {
      try {
        resolve(change());
      } catch (error) {
        reject(error);
      }
    }),
  );
}

function read(id: string, prompt: Int32Array, countAs: number, host: AccumulateHost): Promise<void> {
  return new Promise((resolve, reject) => {
    host.submit(
      new ReadTask({
        id,
        prompt,
        plan: null,
        taps: [],
        capture: "none",
        logits: false,
        countAs,
        chunk: Number.POSITIVE_INFINITY,
        took: () => undefined,
        done: (stopped) => (stopped === null ? resolve() : reject(new TillerError("cancelled", "the reading was cancelled"))),
        failed: reject,
      }),
    );
  });
}

/** The lanes put together. @throws TillerError engine-failed where tokens were not counted */
function countsOf(
  result: AccumulatorResult,
  { site, layer, width }: AccumulatePlace,
  orders: readonly Order[],
  classes: number,
  lanes: number,
): PlaceCounts {
  const n = classes * width;
  const counts: PlaceCounts = {
    site,
    layer,
    width,
    tokens: new Float64Array(classes),
    positive: new Float64Array(n),
    sum: new Float64Array(n),
    sumSquares: new Float64Array(n),
    max: new Float32Array(n).fill(Number.NEGATIVE_INFINITY),
    maxText: new Int32Array(n).fill(-1),
    maxPosition: new Int32Array(n).fill(-1),
  };
  for (let lane = 0; lane < lanes; lane++)
    for (let c = 0; c < classes; c++) {
      const own = lane * classes + c;
      const order = orders[own]!;
      const seen = result.tokens[own]!;
      if (seen !== order.tokens)
        throw new TillerError("engine-failed", `${site} at layer ${layer}: ${seen} of ${order.tokens} tokens were counted`);
      counts.tokens[c]! += seen;
      if (seen > 0) addLane(result, own * width, counts, c * width, order);
    }
  return counts;
}

function addLane(from: AccumulatorResult, at: number, to: PlaceCounts, base: number, order: Order): void {
  for (let j = 0; j < to.width; j++) {
    const [source, target] = [at + j, base + j];
    to.positive[target]! += from.positive[source]!;
    to.sum[target]! += from.sum[source]!;
    to.sumSquares[target]! += from.sumSquares[source]!;
    const value = from.max[source]!;
    if (value < to.max[target]! || from.argMax[source]! < 0) continue;
    const place = textAt(order, from.argMax[source]!);
    if (value === to.max[target]! && to.maxText[target]! >= 0 && !isBefore(place, to, target)) continue;
    to.max[target] = value;
    to.maxText[target] = place.text;
    to.maxPosition[target] = place.position;
  }
}

function isBefore({ text, position }: { text: number; position: number }, counts: PlaceCounts, at: number): boolean {
  const other = counts.maxText[at]!;
  return text < other || (text === other && position < counts.maxPosition[at]!);
}

/** The text and position of a running number, by bisection. */
function textAt({ texts, starts }: Order, running: number): { text: number; position: number } {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= running) low = middle;
    else high = middle - 1;
  }
  return { text: texts[low]!, position: running - starts[low]! };
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
