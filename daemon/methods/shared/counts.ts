/**
 * Running statistics of a corpus, put together portion by portion: so that hours of reading go on from where they were ended, and
 * one request of an engine is never long.
 */
import * as z from "zod";
import type { PlaceCounts } from "../../protocol/engine-api.ts";
import { SITES, type SiteName } from "../../protocol/sites.ts";
import type { Lab } from "../contract.ts";

/** Read between two checkpoints, about. */
const PORTION_TOKENS = 16_384;

/** Tokens in windows, each of one class. */
export interface Corpus {
  readonly windows: readonly Int32Array[];
  readonly classOf: (window: number) => number;
  readonly classes: number;
  readonly sites: readonly SiteName[];
  /** null: all that have the sites */
  readonly layers: readonly number[] | null;
}

/** What has been read so far: the first windows of the corpus. */
export interface Counted {
  readonly windows: number;
  readonly places: readonly PlaceCounts[];
}

/** The streams as one, cut into windows; a last one that is shorter is left out unless `tail`. */
export function windowsOf(streams: readonly Int32Array[], window: number, tail: boolean): Int32Array[] {
  const length = streams.reduce((sum, stream) => sum + stream.length, 0);
  const all = new Int32Array(length);
  let at = 0;
  for (const stream of streams) {
    all.set(stream, at);
    at += stream.length;
  }
  const count = tail ? Math.ceil(length / window) : Math.floor(length / window);
  return Array.from({ length: count }, (_, index) => all.slice(index * window, (index + 1) * window));
}

/**
 * Reads what of the corpus has not been read.
 * @param keep called after each portion with everything that has been read
 * @returns [classes × width] statistics of each place; windows are numbered as in the corpus
 */
export async function count(
  corpus: Corpus,
  lab: Pick<Lab, "accumulate">,
  from: Counted | null,
  keep: (counted: Counted) => void,
  progress: (fraction: number) => void,
): Promise<readonly PlaceCounts[]> {
  const { windows, classOf, classes, sites, layers } = corpus;
  let counted: Counted = from ?? { windows: 0, places: [] };
  while (counted.windows < windows.length) {
    const start = counted.windows;
    let end = start;
    for (let tokens = 0; end < windows.length && tokens < PORTION_TOKENS; end++) tokens += windows[end]!.length;
    const tell = (fraction: number): void => progress((start + fraction * (end - start)) / windows.length);
    const { places } = await lab.accumulate(
      {
        texts: windows.slice(start, end),
        classOf: Array.from({ length: end - start }, (_, index) => classOf(start + index)),
        classes,
        sites: [...sites],
        layers: layers === null ? null : [...layers],
      },
      tell,
    );
    counted = { windows: end, places: start === 0 ? places : counted.places.map((place, i) => merged(place, places[i]!, start)) };
    keep(counted);
  }
  return counted.places;
}

/** @param first number of the first window of the second part */
function merged(a: PlaceCounts, b: PlaceCounts, first: number): PlaceCounts {
  const add = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value + y[i]!);
  // of equal maxima the earlier one stays
  const later = (i: number): boolean => b.maxText[i]! >= 0 && (a.maxText[i]! < 0 || b.max[i]! > a.max[i]!);
  return {
    ...a,
    tokens: add(a.tokens, b.tokens),
    positive: add(a.positive, b.positive),
    sum: add(a.sum, b.sum),
    sumSquares: add(a.sumSquares, b.sumSquares),
    max: a.max.map((value, i) => (later(i) ? b.max[i]! : value)),
    maxText: a.maxText.map((value, i) => (later(i) ? first + b.maxText[i]! : value)),
    maxPosition: a.maxPosition.map((value, i) => (later(i) ? b.maxPosition[i]! : value)),
  };
}

const ARRAYS = {
  tokens: Float64Array,
  positive: Float64Array,
  sum: Float64Array,
  sumSquares: Float64Array,
  max: Float32Array,
  maxText: Int32Array,
  maxPosition: Int32Array,
} as const;
const NAMES = Object.keys(ARRAYS) as (keyof typeof ARRAYS)[];

const base64 = z.string();
/** `Counted` as JSON, the arrays as base64 of their bytes. */
export const KeptCountsSchema = z
  .object({
    windows: z.number().int().min(0),
    places: z.array(
      z
        .object({ site: z.enum(SITES), layer: z.number().int(), width: z.number().int(), arrays: z.array(base64).length(NAMES.length) })
        .strict(),
    ),
  })
  .strict();
export type KeptCounts = z.infer<typeof KeptCountsSchema>;

export function pack({ windows, places }: Counted): KeptCounts {
  return {
    windows,
    places: places.map((place) => ({
      site: place.site,
      layer: place.layer,
      width: place.width,
      arrays: NAMES.map((name) => {
        const { buffer, byteOffset, byteLength } = place[name];
        return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
      }),
    })),
  };
}

export function unpack({ windows, places }: KeptCounts): Counted {
  return {
    windows,
    places: places.map(({ arrays, ...address }) => {
      const read = Object.fromEntries(
        NAMES.map((name, index) => {
          const bytes = Uint8Array.from(Buffer.from(arrays[index]!, "base64"));
          return [name, new ARRAYS[name](bytes.buffer)];
        }),
      );
      return { ...address, ...read } as unknown as PlaceCounts;
    }),
  };
}
