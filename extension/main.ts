/** The extension's entry: builds what its parts share and registers them. Nothing is started before a view or a command asks. */
import * as vscode from "vscode";
import { storePaths } from "../daemon/store/paths.ts";
import { Kept } from "./chat/kept.ts";
import { CHAT_VIEW, ChatView } from "./chat/view.ts";
import { registerCommands } from "./commands/register.ts";
import { followHealth } from "./daemon/health.ts";
import { Keeper } from "./daemon/keeper.ts";
import { chooseNode, type NodeChoice } from "./daemon/node.ts";
import { ReportDocuments } from "./experiments/report-document.ts";
import { startLanguage } from "./language/client.ts";
import { showStatus } from "./status.ts";
import { showTrees } from "./trees/index.ts";
import { Lists } from "./trees/lists.ts";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Tiller", { log: true });
  const paths = storePaths();
  const file = (name: string): string => context.asAbsolutePath(`dist/daemon/${name}/main.js`);
  const node = (): Promise<NodeChoice> => chooseNode(vscode.workspace.getConfiguration("tiller").get("node", ""));
  const keeper = new Keeper({
    paths,
    program: async () => ({ ...(await node()), entry: file("server") }),
    allowed: () => vscode.workspace.isTrusted,
    version: (context.extension.packageJSON as { version: string }).version,
    log: (message) => log.info(message),
  });
  const kept = new Kept(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "chat").fsPath);
  const chat = new ChatView({ extension: context.extensionUri, keeper, kept, log });
  const lists = new Lists(keeper, (message) => log.warn(message));
  const reports = new ReportDocuments();
  context.subscriptions.push(
    log,
    { dispose: () => keeper.close() },
    chat,
    // An answer that is being written goes on while another view is looked at.
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, chat, { webviewOptions: { retainContextWhenHidden: true } }),
    reports.register(),
    registerCommands({ paths, keeper, chat, lists, reports, log }),
    showStatus(keeper, chat),
    showTrees(lists),
    followHealth(keeper),
    startLanguage({ entry: file("cli"), node, log }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => chat.load()),
  );
}
