/** The arrays of a control: which neurons get which values. They depend on the settings, never on the strength. */
import type { LoadedArtifact } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ElementOp } from "../../protocol/ops.ts";
import { layerNumbers } from "../../protocol/rules/layers.ts";
import { readTerms, type Term, unknownLanguage } from "./arithmetic.ts";
import { bodyOf, type Found, foundOf } from "./body.ts";
import type { Settings } from "./settings.ts";

export interface Edit extends Pick<ElementOp, "site" | "layer" | "mode" | "indices" | "values"> {
  /** it puts a language down, which is full at strength 1 */
  readonly off: boolean;
}

/** Settings of one artifact that are kept with their arrays: those that somebody types are many. */
const KEPT = 32;
const known = new WeakMap<LoadedArtifact, Map<string, readonly Edit[]>>();

/** The same arrays for the same settings, so that they are hashed, checked and sent only once. @throws TillerError bad-preset */
export function editsOf(artifact: LoadedArtifact, settings: Settings, control: string): readonly Edit[] {
  const key = JSON.stringify(settings);
  const kept = known.get(artifact) ?? new Map<string, readonly Edit[]>();
  known.set(artifact, kept);
  const present = kept.get(key);
  if (present !== undefined) return present;
  const edits = makeEdits(artifact, settings, control);
  kept.set(key, edits);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return edits;
}

interface Weighted {
  /** index of the language */
  readonly language: number;
  /** above 0 */
  readonly weight: number;
}

function makeEdits(artifact: LoadedArtifact, settings: Settings, control: string): Edit[] {
  const found = foundOf(artifact);
  const terms = readTerms(settings.languages)!;
  const at = `controls.${control}.with`;
  const unknown = terms.find(({ code }) => !found.codes.includes(code));
  if (unknown !== undefined)
    throw new TillerError("bad-preset", `${at}.languages: ${unknownLanguage(unknown.code, found.codes)}`, { field: `${at}.languages` });
  const chosen = settings.layers === undefined ? null : layerNumbers(settings.layers);
  const side = (sign: number): Weighted[] => terms.filter(({ weight }) => weight * sign > 0).map((term) => weighted(term, found));
  const [up, down] = [side(1), side(-1)];
  if (settings.mode === "residual") return residualEdits(artifact, { up, down }, chosen);
  const edits = layersOf(found, chosen).flatMap((layer) => [
    ...offEdits(found, down, layer, settings),
    ...onEdits(found, up, layer, settings),
  ]);
  if (edits.length > 0) return edits;
  throw new TillerError("bad-preset", `${at}: ${artifact.meta.id} has no neurons of ${settings.languages} at these layers`, { field: at });
}

function weighted({ code, weight }: Term, { codes }: Found): Weighted {
  return { language: codes.indexOf(code), weight: Math.abs(weight) };
}

function layersOf({ neurons }: Found, chosen: readonly number[] | null): number[] {
  const layers = [...new Set(neurons.map(({ layer }) => layer))].sort((a, b) => a - b);
  return chosen === null ? layers : layers.filter((layer) => chosen.includes(layer));
}

/** Neurons of a layer that one of the languages owns. */
function ownedAt(found: Found, languages: readonly Weighted[], layer: number): number[] {
  const all = Array.from(found.neurons.keys());
  return all.filter((u) => found.neurons[u]!.layer === layer && languages.some(({ language }) => found.owns(language, u)));
}

/** a ← (1 − w)·a + w·c for each language that is put down, one after the other. */
function offEdits(found: Found, down: readonly Weighted[], layer: number, { off }: Settings): Edit[] {
  const owned = ownedAt(found, down, layer);
  if (owned.length === 0) return [];
  const left = owned.map((u) => down.reduce((rest, { language, weight }) => rest * (found.owns(language, u) ? 1 - weight : 1), 1));
  const place = { site: "mlp.act", layer, indices: indicesOf(found, owned), off: true } as const;
  const scale: Edit = { ...place, mode: "scale", values: Float32Array.from(left) };
  return off === 0 ? [scale] : [scale, { ...place, mode: "add", values: Float32Array.from(left, (rest) => off * (1 - rest)) }];
}

function onEdits(found: Found, up: readonly Weighted[], layer: number, { mode, value }: Settings): Edit[] {
  const owned = ownedAt(found, up, layer);
  if (owned.length === 0) return [];
  const place = { site: "mlp.act", layer, indices: indicesOf(found, owned), off: false } as const;
  const each = (of: (language: number, u: number) => number): Float32Array =>
    Float32Array.from(owned, (u) =>
      up.reduce((sum, { language, weight }) => sum + (found.owns(language, u) ? weight * of(language, u) : 0), 0),
    );
  const added = (values: Float32Array): Edit => ({ ...place, mode: "add", values });
  const replaced = (values: Float32Array): Edit[] => [{ ...place, mode: "scale", values: new Float32Array(owned.length) }, added(values)];
  switch (mode) {
    case "add":
      return [added(each((language, u) => value * found.mean(language, u)))];
    case "difference":
      return [added(each((language, u) => value * (found.mean(language, u) - othersMean(found, language, u))))];
    case "replace":
      return replaced(each((language, u) => value * found.mean(language, u)));
    case "percentile":
      return replaced(each((language, u) => found.quantile(language, u, value / 100)));
    case "set":
      return replaced(Float32Array.from(owned, () => value));
    case "scale":
      return [
        {
          ...place,
          mode: "scale",
          values: Float32Array.from(owned, (u) =>
            up.reduce((product, { language, weight }) => product * (found.owns(language, u) ? 1 + weight * (value - 1) : 1), 1),
          ),
        },
      ];
    case "residual":
      return [];
    default:
      mode satisfies never;
      throw new TillerError("internal", "unknown mode");
  }
}

function othersMean(found: Found, language: number, u: number): number {
  const others = Array.from(found.codes.keys()).filter((k) => k !== language);
  return others.reduce((sum, k) => sum + found.mean(k, u), 0) / others.length;
}

function indicesOf({ neurons }: Found, owned: readonly number[]): Int32Array {
  return Int32Array.from(owned, (u) => neurons[u]!.index);
}

/** x += Σ w·R(up) − Σ w·R(down), each side's weights made to sum to 1; a side without languages is the mean of all that are not named. */
function residualEdits(
  artifact: LoadedArtifact,
  { up, down }: { readonly up: readonly Weighted[]; readonly down: readonly Weighted[] },
  chosen: readonly number[] | null,
): Edit[] {
  const found = foundOf(artifact);
  const { layers } = bodyOf(artifact.meta);
  const named = new Set([...up, ...down].map(({ language }) => language));
  const others = Array.from(found.codes.keys()).filter((k) => !named.has(k));
  const side = (languages: readonly Weighted[]): Weighted[] =>
    languages.length > 0 ? [...languages] : others.map((language) => ({ language, weight: 1 }));
  const mean = (languages: readonly Weighted[], layer: number, i: number): number => {
    const total = languages.reduce((sum, { weight }) => sum + weight, 0);
    return languages.reduce((sum, { language, weight }) => sum + (weight * found.residual(language, layer)[i]!) / total, 0);
  };
  const at = (chosen ?? [Math.floor(layers / 2)]).filter((layer) => layer < layers);
  return at.map((layer) => ({
    site: "resid",
    layer,
    mode: "add",
    indices: null,
    off: false,
    values: Float32Array.from({ length: artifact.meta.model.width }, (_, i) => mean(side(up), layer, i) - mean(side(down), layer, i)),
  }));
}
