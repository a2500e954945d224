/** How far a slider goes, and in which steps. */
import type { Control, ControlMode } from "../../daemon/protocol/preset.ts";

/** Where the preset gives no range: one that suits the unit of the mode (`ablate` 1 removes all, `set` ±1 is a class mean). */
const BY_MODE: Readonly<Record<ControlMode, readonly [number, number]>> = {
  add: [-2, 2],
  scale: [-1, 3],
  ablate: [0, 1],
  set: [-3, 3],
  floor: [-3, 3],
  ceil: [-3, 3],
  rotate: [-2, 2],
};

export function rangeOf(control: Pick<Control, "range" | "mode" | "strength">): readonly [number, number] {
  if (control.range !== undefined) return control.range;
  const [low, high] = BY_MODE[control.mode ?? "add"];
  return [Math.min(low, control.strength), Math.max(high, control.strength)];
}

/** About a hundred steps, of 1, 2 or 5 times a power of ten. */
export function stepOf([low, high]: readonly [number, number]): number {
  const rough = (high - low) / 100;
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = rough / power;
  return Number((power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10)).toPrecision(3));
}

export function clampStrength(value: number, [low, high]: readonly [number, number]): number {
  if (!Number.isFinite(value)) return low > 0 ? low : high < 0 ? high : 0;
  return Number(Math.min(high, Math.max(low, value)).toFixed(6));
}

export function formatStrength(value: number): string {
  return String(Math.round(value * 1000) / 1000).replace("-", "−");
}
