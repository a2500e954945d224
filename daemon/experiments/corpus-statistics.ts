/** What every neuron does over a text: how often it is above 0, its mean and variance, and the token at which it was largest. */
import * as z from "zod";
import type { Experiment, Lab, SizeFacts } from "../methods/contract.ts";
import { count, type KeptCounts, KeptCountsSchema, pack, unpack, windowsOf } from "../methods/shared/counts.ts";
import { base64, piecesOf, site, tokensOf } from "../methods/shared/params.ts";
import type { PlaceCounts } from "../protocol/engine-api.ts";
import { TillerError } from "../protocol/errors.ts";
import { LayersSchema } from "../protocol/preset.ts";
import type { Block } from "../protocol/report.ts";
import { layerNumbers } from "../protocol/rules/layers.ts";
import { SITE_INFO } from "../protocol/sites.ts";

/** Rows of a report: each has a line in a table. */
const MOST_ROWS = 60_000;
/** Of a step of the model: a window is read in one. */
const WINDOW = 512;
/** Three sums and the place of the maximum in float64, the maximum in float32, in two lanes. */
const BYTES = 2 * 36;

const StatisticsSchema = z
  .object({
    texts: z
      .array(z.string().min(1).max(20_000))
      .min(1)
      .max(5000)
      .optional()
      .describe("the texts that are read, one after the other")
      .meta({ title: "Texts, one a line", widget: "texts", group: "source" }),
    file: base64("a text file, as base64", ".txt").optional().meta({ title: "A text file", group: "source" }),
    site: site.default("mlp.act").describe("what is counted; `mlp.act` are the neurons' activations"),
    layers: LayersSchema.optional().describe("left out: all").meta({ title: "Layers", widget: "layers", advanced: true }),
    window: z
      .number()
      .int()
      .min(8)
      .max(4096)
      .default(WINDOW)
      .describe("tokens that are read together; the model sees nothing before them")
      .meta({ title: "Tokens in a window", advanced: true }),
  })
  .strict()
  .refine(({ texts, file }) => (texts === undefined) !== (file === undefined), "give exactly one of texts and file")
  .describe("Exactly one of `texts` and `file` is given.");
type Statistics = z.infer<typeof StatisticsSchema>;

export const corpusStatistics: Experiment<Statistics, KeptCounts> = {
  id: "corpus-statistics",
  title: "Statistics over a text",
  summary:
    "Reads a text and tells of every neuron, or every element of another site, how often it is above 0, its mean, its variance, and the token at which it was largest.",
  params: StatisticsSchema,
  produces: ["report"],
  needs: [],
  engine: true,
  about: ({ site: where }) => where,
  estimate: (params, facts) => {
    const layers = SITE_INFO[params.site].perLayer ? (layersOf(params)?.length ?? facts.layers) : 1;
    return { tokens: tokensOf(textsOf(params).join("")), bytes: layers * widthOf(params.site, facts) * BYTES };
  },
  checkpoint: KeptCountsSchema,
  run: async (params, lab) => {
    const layers = layersOf(params);
    checkRows(params, layers, lab);
    lab.progress(0, "reading the text's tokens");
    const windows = windowsOf(await lab.encode(textsOf(params)), params.window, true);
    if (windows.length === 0) throw new TillerError("invalid-params", "the text has no tokens", { field: "file" });
    const kept = lab.resume();
    const places = await count(
      { windows, classOf: () => 0, classes: 1, sites: [params.site], layers },
      lab,
      kept === null ? null : unpack(kept),
      (counted) => lab.keep(pack(counted)),
      (fraction) => lab.progress(fraction, `reading ${windows.length} windows of ${params.window} tokens`),
    );
    return { artifact: null, report: await reportOf(params, places, windows, lab) };
  },
};

function textsOf({ texts, file }: Statistics): readonly string[] {
  return (
    texts ??
    piecesOf(
      Buffer.from(file!, "base64")
        .toString("utf8")
        .replace(/^\uFEFF/, ""),
    )
  );
}

/** @throws TillerError naming what is no list of layers; null: all */
function layersOf({ layers }: Statistics): readonly number[] | null {
  if (layers === undefined) return null;
  const numbers = layerNumbers(layers);
  if (numbers === null) throw new TillerError("invalid-params", `layers: '${String(layers)}' runs backwards`, { field: "layers" });
  return [...new Set(numbers)];
}

function widthOf(where: Statistics["site"], { width, mlpWidths }: SizeFacts): number {
  return SITE_INFO[where].width === "mlp" ? Math.max(width, ...mlpWidths) : width;
}

function checkRows({ site: where }: Statistics, layers: readonly number[] | null, { model }: Lab<KeptCounts>): void {
  const places = model.sites.filter((place) => place.site === where && place.live && (layers?.includes(place.layer) ?? true));
  const rows = places.reduce((sum, { width }) => sum + width, 0);
  if (rows <= MOST_ROWS) return;
  throw new TillerError("too-large", `${where} has ${rows} elements at ${places.length} layers; a report holds ${MOST_ROWS}`, {
    field: "layers",
    suggestion: `Name at most ${Math.floor(MOST_ROWS / places[0]!.width)} layers at a time.`,
  });
}

async function reportOf(
  { site: where, window }: Statistics,
  places: readonly PlaceCounts[],
  windows: readonly Int32Array[],
  lab: Lab<KeptCounts>,
): Promise<Block[]> {
  const ids = new Set(places.flatMap(({ maxText, maxPosition }) => Array.from(maxText, (text, i) => windows[text]![maxPosition[i]!]!)));
  const known = [...ids];
  const pieces = new Map((await lab.pieces(known)).map((piece, index) => [known[index]!, piece]));
  const tokens = places[0]!.tokens[0]!;
  return [
    {
      type: "prose",
      id: "what",
      text: `${tokens} tokens in ${windows.length} windows of ${window}. Of each element of ${where}: the share of tokens at which it was above 0, its mean and variance over all tokens, and its largest value with the token at which it was read.`,
    },
    activeChart(places, tokens),
    ...places.map((place): Block => tableOf(place, windows, pieces)),
  ];
}

const COLUMNS = [
  { key: "element", title: "element" },
  { key: "count", title: "above 0", unit: "tokens" },
  { key: "share", title: "share above 0" },
  { key: "mean", title: "mean" },
  { key: "variance", title: "variance" },
  { key: "max", title: "largest" },
  { key: "token", title: "at the token" },
  { key: "window", title: "window" },
  { key: "position", title: "position in it" },
];

function tableOf(place: PlaceCounts, windows: readonly Int32Array[], pieces: ReadonlyMap<number, string>): Block {
  const tokens = place.tokens[0]!;
  const rows = Array.from({ length: place.width }, (_, j) => {
    const mean = place.sum[j]! / tokens;
    const [window, position] = [place.maxText[j]!, place.maxPosition[j]!];
    return {
      element: j,
      count: place.positive[j]!,
      share: place.positive[j]! / tokens,
      mean,
      variance: Math.max(0, place.sumSquares[j]! / tokens - mean * mean),
      max: place.max[j]!,
      token: pieces.get(windows[window]![position]!)!,
      window,
      position,
    };
  });
  return { type: "table", id: `layer-${place.layer}`, title: `${place.site} at layer ${place.layer}`, columns: COLUMNS, rows };
}

/** How often elements are above 0, layer by layer: a tenth, half and nine tenths of them are below these shares. */
function activeChart(places: readonly PlaceCounts[], tokens: number): Block {
  const values = places.map(({ layer, positive }) => {
    const sorted = positive.slice().sort();
    const at = (p: number): number => sorted[Math.round(p * (sorted.length - 1))]! / tokens;
    return { layer, tenth: at(0.1), half: at(0.5), "nine tenths": at(0.9) };
  });
  const y = (field: string) => ({ field, type: "quantitative" as const, title: "share of tokens above 0", scale: { domain: [0, 1] } });
  return {
    type: "chart",
    id: "active",
    title: "How often elements are above 0",
    description: "Per layer, the share of tokens that a tenth, half and nine tenths of the elements stay below.",
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      data: { values },
      encoding: { x: { field: "layer", type: "ordinal" } },
      layer: [
        { mark: { type: "rule", strokeWidth: 3 }, encoding: { y: y("tenth"), y2: { field: "nine tenths" } } },
        { mark: { type: "point", filled: true, size: 60 }, encoding: { y: y("half") } },
      ],
    },
  };
}
