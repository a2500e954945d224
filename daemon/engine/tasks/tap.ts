/** One forward pass over a prompt with its logits and chosen sites, in steps; the memory is counted first. */
import type { EngineSite, EngineTap, EngineTapResult } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SITE_INFO, type SiteName } from "../../protocol/sites.ts";
import type { Rows } from "../loop/task.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import type { Placed } from "../prompt/place-prefix.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { capturedRows, ReadTask } from "./read-task.ts";

/** Largest answer to one tap: it crosses a process boundary in one message. */
const TAP_LIMIT = 1024 ** 3;
/** Copied out per step. */
const STEP_LIMIT = 64 * 1024 ** 2;

export interface TapModel {
  readonly sites: readonly EngineSite[];
  readonly vocabularySize: number;
  readonly vocabulary: Vocabulary;
  readonly contextSize: number;
}

/** @throws TillerError out-of-range, or not-steerable naming the site, layer and reason */
export function livePlaces(sites: readonly EngineSite[], site: SiteName, layers: readonly number[] | null): EngineSite[] {
  const rows = sites.filter((one) => one.site === site);
  if (layers === null || !SITE_INFO[site].perLayer) {
    const live = rows.filter((one) => one.live);
    if (live.length === 0) throw new TillerError("not-steerable", `${site} cannot be read: ${rows[0]?.reason ?? "this model has none"}`);
    return live.sort((a, b) => a.layer - b.layer);
  }
  return layers.map((layer) => {
    const place = rows.find((one) => one.layer === layer);
    if (place === undefined)
      throw new TillerError("out-of-range", `${site}: there is no layer ${layer}`, {
        field: "layers",
        suggestion: `The layers are 0 to ${Math.max(...rows.map((row) => row.layer))}.`,
      });
    if (!place.live) throw new TillerError("not-steerable", `${site} at layer ${layer} cannot be read: ${place.reason}`);
    return place;
  });
}

export function tapTask(
  id: string,
  request: EngineTap<LoweredPlan>,
  { tokens: prompt, at, rows: prefixRows }: Placed,
  model: TapModel,
  settle: { readonly done: (result: EngineTapResult) => void; readonly failed: (error: TillerError) => void },
): ReadTask {
  const places = [...new Set(request.sites)].flatMap((site) => livePlaces(model.sites, site, request.layers));
  const perToken = (places.reduce((sum, place) => sum + place.width, 0) + (request.logits ? model.vocabularySize : 0)) * 4;
  const bytes = perToken * prompt.length;
  if (bytes > TAP_LIMIT) {
    const fits = Math.floor(TAP_LIMIT / perToken);
    throw new TillerError(
      "too-large",
      `${prompt.length} tokens × ${perToken} bytes are ${mib(bytes)} MiB, more than the ${mib(TAP_LIMIT)} MiB that one tap may take`,
      { suggestion: `Ask for fewer sites or layers, or for at most ${fits} tokens.` },
    );
  }
  const logits = request.logits ? new Float32Array(prompt.length * model.vocabularySize) : null;
  const sites = places.map(({ site, layer, width }) => ({ site, layer, width, data: new Float32Array(prompt.length * width) }));
  const took = (rows: Rows): void => {
    const { result, position, count } = rows;
    if (logits !== null) {
      const from = rows.logits * model.vocabularySize;
      logits.set(result.logits.subarray(from, from + count * model.vocabularySize), position * model.vocabularySize);
    }
    for (const place of sites) {
      const values = capturedRows(result.captures, place, rows);
      if (values !== null) place.data.set(values, position * place.width);
    }
  };
  return new ReadTask({
    id,
    prompt,
    plan: request.plan,
    prefixAt: at,
    taps: places,
    capture: places.length > 0 ? "all" : "none",
    logits: request.logits,
    chunk: Math.max(1, Math.floor(STEP_LIMIT / Math.max(perToken, 1))),
    took,
    done: (stopped) => {
      if (stopped !== null)
        settle.failed(new TillerError(stopped === "shutting-down" ? "shutting-down" : "cancelled", "the tap was ended"));
      else {
        const texts = Array.from(prompt, (token, position) => {
          const row = position - at;
          return row >= 0 && row < prefixRows ? `[prefix ${row + 1}]` : model.vocabulary.entry(token).text;
        });
        settle.done({ tokens: Array.from(prompt), texts, vocabulary: model.vocabularySize, logits, sites });
      }
    },
    failed: settle.failed,
  });
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
