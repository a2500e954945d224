/** Numbers and small charts in text, as they may stand in any editor. */
import { beatsControl } from "../../daemon/protocol/evidence.ts";
import type { Estimate, Receipt } from "../../daemon/protocol/receipt.ts";

export function formatStrength(value: number): string {
  return String(Math.round(value * 1000) / 1000).replace("-", "−");
}

export function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}

export function estimate({ value, low, high }: Estimate): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

const CELLS = 16;

/** A line for each strength: a bar for the effect, the figures, and whether it beats random directions there. */
export function chart({ points, direction }: Pick<Receipt, "points" | "direction">): string {
  const largest = Math.max(...points.map(({ effect }) => Math.abs(effect.value)), 1e-9);
  const rows = points.map((point) => {
    const { strength, effect, random, damage, usable } = point;
    const cells = Math.round((Math.abs(effect.value) / largest) * CELLS);
    const verdict = beatsControl(point, direction) ? "works" : strength === 0 ? "" : usable ? "not shown" : "damage";
    return [
      formatStrength(strength),
      "█".repeat(cells),
      estimate(effect),
      random === null ? "" : signed(random.value),
      signed(damage.bitsPerByte),
      verdict,
    ];
  });
  return aligned([["strength", "", "effect [95 %]", "random", "bits/byte", ""], ...rows]);
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
