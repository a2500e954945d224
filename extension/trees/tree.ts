/** A flat native tree over one of the lists. */
import * as vscode from "vscode";
import type { Lists } from "./lists.ts";

export function showTree<T>(view: string, lists: Lists, read: () => readonly T[], item: (entry: T) => vscode.TreeItem): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  lists.onChange(() => changed.fire(undefined));
  const tree = vscode.window.createTreeView<T>(view, {
    treeDataProvider: { onDidChangeTreeData: changed.event, getChildren: () => [...read()], getTreeItem: item },
  });
  return vscode.Disposable.from(changed, tree);
}
