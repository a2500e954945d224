/** A receipt as shapes: effect over strength above, damage over strength below, the usable range behind both. Pure. */
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { type Scale, scaleOf } from "./scale.ts";

export const WIDTH = 320;
export const HEIGHT = 236;
const LEFT = 44;
const RIGHT = 8;
const EFFECT = { top: 16, bottom: 128 };
const DAMAGE = { top: 152, bottom: 208 };

export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Plot {
  readonly top: number;
  readonly bottom: number;
  readonly ticks: readonly Tick[];
  /** y of 0 */
  readonly zero: number;
}

export interface Chart {
  readonly left: number;
  readonly right: number;
  readonly x: readonly Tick[];
  /** pixels from and to which strengths are usable; null: none but 0 */
  readonly usable: { readonly from: number; readonly to: number } | null;
  /** x of the slider's strength; null: the chart does not reach it */
  readonly thumb: number | null;
  readonly effect: Plot & {
    readonly line: string;
    readonly band: string;
    readonly dots: readonly { readonly x: number; readonly y: number; readonly usable: boolean }[];
    readonly random: string;
    readonly randomBand: string;
    /** y of the prompting baseline */
    readonly prompt: number;
  };
  readonly damage: Plot & {
    readonly line: string;
    readonly random: string;
    readonly dots: readonly { readonly x: number; readonly y: number; readonly usable: boolean }[];
    /** y of the bound */
    readonly bound: number;
  };
}

export function chartOf({ points, prompt, usable, bounds }: Receipt, strength: number): Chart {
  const x = scaleOf(
    points.map(({ strength }) => strength),
    LEFT,
    WIDTH - RIGHT,
    5,
  );
  const controls = points.flatMap(({ strength, random }) => (random === null ? [] : [{ strength, random }]));
  // At strength 0 nothing is steered, by the control or by a random direction.
  const randoms = [...controls, { strength: 0, random: { value: 0, low: 0, high: 0 } }].sort((a, b) => a.strength - b.strength);
  const effects = points.flatMap(({ effect }) => [effect.low, effect.high]);
  const y = scaleOf(
    [0, prompt.effect.value, ...effects, ...controls.flatMap(({ random }) => [random.low, random.high])],
    EFFECT.bottom,
    EFFECT.top,
  );
  const lost = points.map(({ strength, damage, randomBitsPerByte }) => ({
    strength,
    value: damage.bitsPerByte,
    random: randomBitsPerByte ?? 0,
  }));
  const below = scaleOf([0, bounds.bitsPerByte, ...lost.flatMap(({ value, random }) => [value, random])], DAMAGE.bottom, DAMAGE.top, 3);
  const px = (strength: number): number => pixel(x.at(strength));
  const dots = (scale: Scale, value: (index: number) => number) =>
    points.map((point, i) => ({ x: px(point.strength), y: pixel(scale.at(value(i))), usable: point.usable }));
  return {
    left: LEFT,
    right: WIDTH - RIGHT,
    x: ticksOf(x),
    thumb: strength < x.low || strength > x.high ? null : px(strength),
    usable: usable.low === usable.high ? null : { from: px(usable.low), to: px(usable.high) },
    effect: {
      ...plotOf(EFFECT, y),
      line: path(points.map(({ strength, effect }) => [px(strength), pixel(y.at(effect.value))])),
      band: band(points.map(({ strength, effect }) => [px(strength), pixel(y.at(effect.low)), pixel(y.at(effect.high))])),
      dots: dots(y, (i) => points[i]!.effect.value),
      random: path(randoms.map(({ strength, random }) => [px(strength), pixel(y.at(random.value))])),
      randomBand: band(randoms.map(({ strength, random }) => [px(strength), pixel(y.at(random.low)), pixel(y.at(random.high))])),
      prompt: pixel(y.at(prompt.effect.value)),
    },
    damage: {
      ...plotOf(DAMAGE, below),
      line: path(lost.map(({ strength, value }) => [px(strength), pixel(below.at(value))])),
      random: path(lost.map(({ strength, random }) => [px(strength), pixel(below.at(random))])),
      dots: dots(below, (i) => lost[i]!.value),
      bound: pixel(below.at(bounds.bitsPerByte)),
    },
  };
}

function plotOf({ top, bottom }: { top: number; bottom: number }, scale: Scale): Plot {
  return { top, bottom, ticks: ticksOf(scale), zero: pixel(scale.at(0)) };
}

function ticksOf(scale: Scale): Tick[] {
  return scale.ticks.map((value) => ({ at: pixel(scale.at(value)), text: String(value).replace("-", "−") }));
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/** Along the lower ends and back along the upper ones. */
function band(points: readonly (readonly [number, number, number])[]): string {
  const lower = points.map(([x, low]): [number, number] => [x, low]);
  const upper = points.map(([x, , high]): [number, number] => [x, high]).reverse();
  return `${path([...lower, ...upper])}Z`;
}

function pixel(value: number): number {
  return Math.round(value * 10) / 10;
}
