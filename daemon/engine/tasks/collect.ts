/** Activations of many texts, one vector per text and layer: the reading behind a method's identification. */
import type { EngineCollect, EngineCollected, EngineSite } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SITE_INFO, type SiteAddress } from "../../protocol/sites.ts";
import type { OwnTokens } from "./own-tokens.ts";
import { readTree, type TreeHost, type TreeText } from "./read-tree.ts";
import { lowerMedian, normOf, Reading } from "./reading.ts";

/** So many of a text's last tokens are looked at for the last one that is no sink. */
const LAST_TOKENS = 16;

export interface CollectPlace extends SiteAddress {
  readonly width: number;
}

export interface CollectHost extends TreeHost {
  readonly own: (text: EngineCollect["texts"][number]) => OwnTokens;
  /** a token as text, for showing */
  readonly piece: (token: number) => string;
}

/**
 * @param places what is read, all equally wide
 * @param residuals where sinks show by their norm: the residual stream at those layers
 */
export async function collect(
  request: EngineCollect,
  places: readonly CollectPlace[],
  residuals: readonly CollectPlace[],
  host: CollectHost,
): Promise<EngineCollected> {
  const width = places[0]!.width;
  const stride = places.length * width;
  const same = places.every((place, i) => place.site === residuals[i]?.site && place.layer === residuals[i].layer);
  const taps = same ? places : [...places, ...residuals];
  const texts = request.texts.map((text, index) => chosen(host.own(text), request, index));
  const shape = {
    widths: places.map((place) => place.width),
    keep: request.readAt === "mean" || request.readAt === "all" ? "mean" : "last",
    sinks: request.readAt === "mean" || request.readAt === "last",
  } as const;
  const data = new Float32Array(texts.length * stride);
  const readings = texts.map(
    ({ captured: [from, to] }, index) => new Reading(shape, to - from, data.subarray(index * stride, (index + 1) * stride)),
  );
  const { computed } = await readTree(
    texts.map(({ tokens, captured }, index): TreeText => {
      const took: TreeText["took"] = (_, { values }) =>
        readings[index]!.add(
          values.slice(0, places.length),
          (same ? values : values.slice(places.length)).map((one) => normOf(one)),
        );
      return { tokens, plan: null, steeredFrom: tokens.length, captured, logits: [0, 0], took };
    }),
    taps,
    host,
  );
  return {
    width,
    data,
    tokens: texts.reduce((sum, { tokens }) => sum + tokens.length, 0),
    computed,
    texts: texts.map(({ own, ending }, index) => ({
      own,
      sinks: readings[index]!.sinks,
      ending: ending === null ? "" : host.piece(ending),
    })),
    norms: residuals.map((_, layer) => lowerMedian(readings.map(({ usual }) => usual[layer] ?? 0))),
  };
}

/** Where a place's sinks show: the residual at its layer, of a place without a layer the one half way up; else the place itself. */
export function residualsOf(sites: readonly EngineSite[], places: readonly CollectPlace[]): CollectPlace[] {
  const live = sites.filter((one) => one.site === "resid" && one.live);
  return places.map((place) => {
    const layer = SITE_INFO[place.site].perLayer ? place.layer : Math.floor(live.length / 2);
    return live.find((one) => one.layer === layer) ?? place;
  });
}

interface Chosen {
  readonly tokens: Int32Array;
  readonly captured: readonly [number, number];
  /** tokens of its own, and the last of them; null: it has none */
  readonly own: number;
  readonly ending: number | null;
}

/** @throws TillerError bad-artifact where there is nothing to read */
function chosen({ tokens, from, to, promptEnd }: OwnTokens, { readAt }: EngineCollect, index: number): Chosen {
  const about = { tokens, own: to - from, ending: to > from ? tokens[to - 1]! : null };
  if (readAt === "all") return { ...about, captured: [0, tokens.length] };
  if (readAt === "prompt-end") return { ...about, captured: [promptEnd - 1, promptEnd] };
  if (to <= from)
    throw new TillerError(
      "bad-artifact",
      `text ${index + 1} has no token of its own behind the first position, where nothing of a text is read`,
      {
        field: "pairs",
        suggestion: "Give longer texts: a sentence or more.",
      },
    );
  return { ...about, captured: [readAt === "last" ? Math.max(from, to - LAST_TOKENS) : from, to] };
}
