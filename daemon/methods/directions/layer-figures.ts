/** What the pairs' readings at one layer say: the direction, how well it separates pairs that it was not found from, and how sure it is. */
import { auroc, cosine, dPrime, project, type Separation, topShare } from "../shared/separation.ts";
import { halvesOf, type Split } from "./questions.ts";

export type Estimator = (positive: readonly Float32Array[], negative: readonly Float32Array[]) => Separation;

/** Channels whose share of the direction is told. */
export const TOP_CHANNELS = 8;

export interface LayerFigures {
  readonly layer: number;
  readonly found: Separation;
  /** of training questions by directions that were found from the others; layers are chosen by it */
  readonly chosenBy: { readonly auroc: number; readonly dPrime: number };
  /** of the questions that were held out; null: none were */
  readonly heldOut: { readonly auroc: number; readonly dPrime: number } | null;
  /** of the direction's square, in its largest channels */
  readonly topShare: number;
  /** cosine of the directions of two halves of the training questions; null: there are too few */
  readonly halves: number | null;
}

/** @param rows readings of pair i at this layer: the side with the property, and the one without */
export function figuresAt(
  layer: number,
  rows: { readonly positive: (pair: number) => Float32Array; readonly negative: (pair: number) => Float32Array },
  split: Split,
  estimate: Estimator,
): LayerFigures {
  const { positive, negative } = rows;
  const of = (pairs: readonly number[]): Separation => estimate(pairs.map(positive), pairs.map(negative));
  const found = of(split.train);
  const along = (pairs: readonly number[], side: (pair: number) => Float32Array, unit: Float64Array): number[] =>
    pairs.map((pair) => project(side(pair), unit));
  const [one, other] = halvesOf(split).map((half) => (half.length < 2 ? null : of(half).unit));
  return {
    layer,
    found,
    chosenBy: crossValidated(split, rows, of, found),
    heldOut:
      split.test.length === 0 ? null : separationOf(along(split.test, positive, found.unit), along(split.test, negative, found.unit)),
    topShare: topShare(found.unit, TOP_CHANNELS),
    halves: one == null || other == null ? null : cosine(one, other),
  };
}

/** Each fold is read along the direction of the others, in units of their gap from their midpoint, so that folds can be put together. */
function crossValidated(
  { folds, train }: Split,
  { positive, negative }: Parameters<typeof figuresAt>[1],
  of: (pairs: readonly number[]) => Separation,
  whole: Separation,
): { auroc: number; dPrime: number } {
  const read = (pairs: readonly number[], { unit, mid, gap }: Separation): [number[], number[]] => {
    const value = (row: Float32Array): number => (gap > 0 ? (project(row, unit) - mid) / gap : 0);
    return [pairs.map((pair) => value(positive(pair))), pairs.map((pair) => value(negative(pair)))];
  };
  const parts =
    folds.length === 0 ? [read(train, whole)] : folds.map((fold) => read(fold, of(folds.filter((other) => other !== fold).flat())));
  return separationOf(
    parts.flatMap(([high]) => high),
    parts.flatMap(([, low]) => low),
  );
}

function separationOf(high: readonly number[], low: readonly number[]): { auroc: number; dPrime: number } {
  return { auroc: auroc(high, low), dPrime: dPrime(high, low) };
}

/** Separation saturates, and noise would choose among layers that all separate; of those the ones nearest to here are taken. */
const MIDDLE = 0.55;
const AS_GOOD = 0.02;

/** Layers in the order in which they are chosen when nothing else is known of them. */
export function rankLayers(figures: readonly LayerFigures[], layers: number): LayerFigures[] {
  const usable = figures.filter(({ found, chosenBy }) => found.gap > 0 && Number.isFinite(chosenBy.dPrime));
  const best = Math.max(...usable.map(({ chosenBy }) => chosenBy.auroc));
  const off = ({ layer }: LayerFigures): number => Math.abs(layer - MIDDLE * (layers - 1));
  const good = ({ chosenBy }: LayerFigures): boolean => chosenBy.auroc >= best - AS_GOOD;
  return usable.sort((a, b) => Number(good(b)) - Number(good(a)) || (good(a) ? off(a) - off(b) : b.chosenBy.auroc - a.chosenBy.auroc));
}
