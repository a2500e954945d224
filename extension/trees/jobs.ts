/** The list of jobs, newest first. */
import * as vscode from "vscode";
import type { Job } from "../../daemon/protocol/api/library.ts";

const ICONS: Readonly<Record<Job["state"], vscode.ThemeIcon>> = {
  queued: new vscode.ThemeIcon("clock"),
  running: new vscode.ThemeIcon("loading~spin"),
  done: new vscode.ThemeIcon("check"),
  failed: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
  cancelled: new vscode.ThemeIcon("circle-slash"),
  interrupted: new vscode.ThemeIcon("debug-pause"),
};
const OPEN = new Set<Job["state"]>(["queued", "running"]);

export function jobItem(job: Job): vscode.TreeItem {
  const { id, title, state, about, fraction, message, error } = job;
  const item = new vscode.TreeItem(about === "" ? title : `${title} · ${about}`);
  item.id = id;
  item.contextValue = `job ${OPEN.has(state) ? "open" : state === "done" ? "done" : "retry"}`;
  item.description = state === "running" ? `${Math.round(fraction * 100)} % ${message}` : state;
  item.tooltip = new vscode.MarkdownString().appendText(
    [message, error?.message ?? "", error?.suggestion ?? ""].filter((part) => part !== "").join("\n\n"),
  );
  item.iconPath = ICONS[state];
  if (state === "done") item.command = { command: "tiller.openReport", title: "Show what it found", arguments: [{ id }] };
  return item;
}
