/** Choosing one of the presets, unless a tree's item says which. */
import { window } from "vscode";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Tiller } from "../context.ts";

/** @returns null: the user chose none */
export async function pickPreset(
  { keeper }: Tiller,
  argument: unknown,
  which: (entry: PresetEntry) => boolean,
): Promise<PresetEntry | null> {
  const client = await keeper.revive();
  const { presets } = await client.call("preset.list", {});
  const id = idOf(argument);
  if (id !== null) return presets.find((entry) => entry.id === id) ?? null;
  const items = presets.filter(which).map((entry) => ({
    label: entry.preset?.name ?? entry.id,
    description: entry.shipped ? "shipped" : "",
    detail: entry.problem ?? entry.preset?.description ?? "",
    entry,
  }));
  return (await window.showQuickPick(items, { placeHolder: "Preset", matchOnDetail: true }))?.entry ?? null;
}

/** The id of a tree's item, or of a link's argument. */
export function idOf(argument: unknown): string | null {
  const id = (argument as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : null;
}
