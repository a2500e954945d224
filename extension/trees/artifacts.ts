/** The list of artifacts: what experiments found. */
import * as vscode from "vscode";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";

export function artifactItem({ id, title, shipped, description }: ArtifactEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(title === "" ? id : title);
  item.id = id;
  item.contextValue = `artifact ${shipped ? "shipped" : "own"}`;
  item.description = shipped ? `${id}, shipped` : id;
  item.tooltip = new vscode.MarkdownString().appendText(description === "" ? id : `${id}\n\n${description}`);
  item.iconPath = new vscode.ThemeIcon("compass");
  return item;
}
