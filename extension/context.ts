/** What the parts of the extension share. */
import type * as vscode from "vscode";
import type { StorePaths } from "../daemon/store/paths.ts";
import type { ChatView } from "./chat/view.ts";
import type { Keeper } from "./daemon/keeper.ts";
import type { Documents } from "./documents/documents.ts";
import type { Lists } from "./trees/lists.ts";

export interface Tiller {
  readonly paths: StorePaths;
  readonly keeper: Keeper;
  readonly chat: ChatView;
  readonly lists: Lists;
  readonly documents: Documents;
  readonly log: vscode.LogOutputChannel;
}
