/** What a slider's settings are, all of them: what it says under `with` over what its artifact has. Pure. */
import type { MethodEntry } from "../api/experiment.ts";
import type { ArtifactEntry } from "../api/library.ts";
import { type Acting, receiptFor } from "../evidence.ts";
import type { Control, Scope } from "../preset.ts";
import type { Receipt } from "../receipt.ts";
import { layerNumbers } from "./layers.ts";

/** The artifact as far as its sliders go. */
type Entry = Pick<ArtifactEntry, "settings" | "receipts">;

export function settingsFor(control: Pick<Control, "with">, entry: Pick<Entry, "settings"> | undefined): Record<string, unknown> {
  const own = entry?.settings ?? {};
  const given = Object.entries(control.with ?? {}).map(([key, value]) => {
    // Layers written as a range are the same as a list of them.
    const list = Array.isArray(own[key]) && (typeof value === "string" || Array.isArray(value));
    return [key, list ? (layerNumbers(value as string | number[]) ?? value) : value] as const;
  });
  return { ...own, ...Object.fromEntries(given) };
}

export function actingOf(control: Pick<Control, "with">, scope: Scope | null, entry: Pick<Entry, "settings"> | undefined): Acting {
  return { settings: settingsFor(control, entry), scope: scope ?? "all" };
}

/** The receipt of these settings; else one of others, which is said where it is shown. */
export function receiptOf(control: Pick<Control, "with">, scope: Scope | null, entry: Entry | undefined): Receipt | null {
  return entry === undefined ? null : receiptFor(entry.receipts, actingOf(control, scope, entry));
}

export function methodFor(methods: readonly MethodEntry[], use: string): MethodEntry | undefined {
  return methods.find(({ kind }) => use.startsWith(`${kind}/`));
}

/** Where a method says nothing. */
const ELSEWHERE = [-2, 2] as const;

/** The control's own range, or the one that its method has for such settings; the strength lies in it. */
export function rangeOf(
  control: Pick<Control, "range" | "strength" | "use" | "with">,
  methods: readonly Pick<MethodEntry, "kind" | "control">[],
): readonly [number, number] {
  if (control.range !== undefined) return control.range;
  const ranges = methods.find(({ kind }) => control.use.startsWith(`${kind}/`))?.control.ranges ?? [];
  const fits = ({ when }: (typeof ranges)[number]) => Object.entries(when).every(([key, value]) => control.with?.[key] === value);
  const [low, high] = ranges.find(fits)?.range ?? ELSEWHERE;
  return [Math.min(low, control.strength), Math.max(high, control.strength)];
}
