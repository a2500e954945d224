/** The list of presets; a click loads one into the chat. */
import * as vscode from "vscode";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";

export function presetItem({ id, preset, shipped, problem }: PresetEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(preset?.name ?? id);
  item.id = id;
  item.contextValue = `preset ${shipped ? "shipped" : "own"}${preset === null ? " broken" : ""}`;
  item.description = problem !== null ? "has a problem" : shipped ? "shipped" : "";
  item.tooltip = tooltip(preset?.description ?? "", Object.keys(preset?.controls ?? {}), problem);
  item.iconPath =
    problem !== null ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("list.warningForeground")) : new vscode.ThemeIcon("settings");
  if (preset !== null) item.command = { command: "tiller.applyPreset", title: "Load into the chat", arguments: [{ id }] };
  return item;
}

function tooltip(description: string, controls: readonly string[], problem: string | null): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const parts = [description, controls.length === 0 ? "" : `Sliders: ${controls.join(", ")}`, problem ?? ""].filter((part) => part !== "");
  return text.appendText(parts.join("\n\n"));
}
