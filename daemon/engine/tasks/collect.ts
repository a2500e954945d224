/** Activations of many texts, one vector per text and layer: the reading behind a method's identification. */
import type { EngineCollect, EngineCollected, EngineSite } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SITE_INFO, type SiteAddress, siteKey } from "../../protocol/sites.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
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
 * @param groups what is read, by site, each equally wide at all layers; the first is the request's `site`
 * @param residuals where sinks show by their norm: the residual stream at the layers of the first
 * @throws TillerError invalid-params for plans elsewhere than at the prompt's end, not-supported for gates
 */
export async function collect(
  request: EngineCollect<LoweredPlan>,
  groups: readonly (readonly CollectPlace[])[],
  residuals: readonly CollectPlace[],
  host: CollectHost,
): Promise<EngineCollected> {
  const plans = plansOf(request);
  const places = groups.flat();
  const stride = places.reduce((sum, { width }) => sum + width, 0);
  const known = new Map(places.map((place, index) => [siteKey(place), index]));
  const others = residuals.filter((place) => !known.has(siteKey(place)));
  for (const [index, place] of others.entries()) known.set(siteKey(place), places.length + index);
  const residualAt = residuals.map((place) => known.get(siteKey(place))!);
  const taps = [...places, ...others];
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
          residualAt.map((at) => normOf(values[at]!)),
        );
      return { tokens, plan: plans[index] ?? null, steeredFrom: captured[0], captured, logits: [0, 0], took };
    }),
    taps,
    host,
  );
  const [own, ...also] = bySite(data, groups, stride);
  return {
    ...own!,
    also,
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

/** Each site's numbers for themselves, [texts × layers × width]. */
function bySite(data: Float32Array, groups: readonly (readonly CollectPlace[])[], stride: number): { width: number; data: Float32Array }[] {
  if (groups.length === 1) return [{ width: groups[0]![0]!.width, data }];
  const texts = data.length / stride;
  let from = 0;
  return groups.map((group) => {
    const size = group.reduce((sum, { width }) => sum + width, 0);
    const part = new Float32Array(texts * size);
    for (let text = 0; text < texts; text++) part.set(data.subarray(text * stride + from, text * stride + from + size), text * size);
    from += size;
    return { width: group[0]!.width, data: part };
  });
}

function plansOf({ plans = [], planOf, readAt, texts }: EngineCollect<LoweredPlan>): (LoweredPlan | null)[] {
  if (planOf === undefined) return [];
  if (readAt !== "prompt-end")
    throw new TillerError("invalid-params", "plans act at the prompt's end, which is what is read then", { field: "readAt" });
  if (plans.some((plan) => plan !== null && plan.gates.length > 0))
    throw new TillerError("not-supported", "gates (`when`) look at one token to govern the next, and one token is read", {
      field: "plans",
    });
  return texts.map((_, index) => {
    const plan = plans[planOf[index] ?? -1];
    if (plan === undefined) throw new TillerError("invalid-params", `text ${index + 1} is of no plan`, { field: "planOf" });
    return plan;
  });
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
function chosen({ tokens, from, to, promptEnd }: OwnTokens, { readAt }: Pick<EngineCollect, "readAt">, index: number): Chosen {
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
