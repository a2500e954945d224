/** The status-bar item: model, preset, and whether the next answer is steered. Opens the menu. */
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window } from "vscode";
import type { Shown } from "../daemon/protocol/webview.ts";
import type { ChatView } from "./chat/view.ts";
import type { Health, Keeper } from "./daemon/keeper.ts";

const WORDS: Readonly<Record<Exclude<Health, "running">, string>> = {
  idle: "not started",
  forbidden: "workspace not trusted",
  starting: "starting …",
  lost: "reconnecting …",
  stopped: "stopped",
};

export function showStatus(keeper: Keeper, chat: ChatView): Disposable {
  const item = window.createStatusBarItem("tiller.status", StatusBarAlignment.Right, 90);
  item.name = "Tiller";
  item.command = "tiller.menu";
  const draw = (): void => {
    item.text = `$(compass) ${statusText(keeper.health, chat.shown)}`;
    item.tooltip = new MarkdownString().appendText(statusDetail(keeper.health, chat.shown));
    item.accessibilityInformation = { label: `Tiller: ${statusText(keeper.health, chat.shown)}` };
    item.backgroundColor = keeper.health === "lost" ? new ThemeColor("statusBarItem.warningBackground") : undefined;
  };
  keeper.onHealth(draw);
  chat.onShown(draw);
  draw();
  item.show();
  return item;
}

export function statusText(health: Health, shown: Shown | null): string {
  if (health !== "running") return `Tiller: ${WORDS[health]}`;
  if (shown === null) return "Tiller";
  const preset = shown.preset === null ? [] : [shown.preset];
  return [shown.model ?? "Tiller", ...preset, shown.steeredBy.length === 0 ? "not steered" : "steered"].join(" · ");
}

function statusDetail(health: Health, shown: Shown | null): string {
  if (health !== "running" || shown === null) return `Tiller's daemon: ${health === "running" ? "running" : WORDS[health]}`;
  const by =
    shown.steeredBy.length === 0 ? "The next answer is not steered." : `The next answer is steered by ${shown.steeredBy.join(", ")}.`;
  return `${shown.model ?? "No model is chosen"}\n\n${by}`;
}
