/** The extension's entry: builds what its parts share and registers them. Nothing is started before a view or a command asks. */
import * as vscode from "vscode";
import { storePaths } from "../daemon/store/paths.ts";
import { apiOf, type TillerApi } from "./api.ts";
import { Kept } from "./chat/kept.ts";
import { CHAT_VIEW, ChatView } from "./chat/view.ts";
import { registerCommands } from "./commands/register.ts";
import { followHealth } from "./daemon/health.ts";
import { Keeper } from "./daemon/keeper.ts";
import { chooseNode, type NodeChoice } from "./daemon/node.ts";
import { Documents } from "./documents/documents.ts";
import { startLanguage } from "./language/client.ts";
import { offerMcp } from "./mcp.ts";
import { offerParticipant } from "./models/participant.ts";
import { offerModels } from "./models/provider.ts";
import { panelKnowledge } from "./preset-panel/knowledge.ts";
import { PresetPanels } from "./preset-panel/provider.ts";
import { showStatus } from "./status.ts";
import { provideTasks } from "./tasks.ts";
import { showTrees } from "./trees/index.ts";
import { Lists } from "./trees/lists.ts";

export function activate(context: vscode.ExtensionContext): TillerApi {
  const log = vscode.window.createOutputChannel("Tiller", { log: true });
  const paths = storePaths();
  const file = (name: string): string => context.asAbsolutePath(`dist/daemon/${name}/main.js`);
  const node = (): Promise<NodeChoice> => chooseNode(vscode.workspace.getConfiguration("tiller").get("node", ""));
  const { version } = context.extension.packageJSON as { version: string };
  const keeper = new Keeper({
    paths,
    program: async () => ({ ...(await node()), entry: file("server") }),
    allowed: () => vscode.workspace.isTrusted,
    version,
    log: (message) => log.info(message),
  });
  const kept = new Kept(vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, "chat").fsPath);
  const chat = new ChatView({ extension: context.extensionUri, keeper, kept, log });
  const lists = new Lists(keeper, (message) => log.warn(message));
  const documents = new Documents();
  context.subscriptions.push(
    log,
    { dispose: () => keeper.close() },
    chat,
    // An answer that is being written goes on while another view is looked at.
    vscode.window.registerWebviewViewProvider(CHAT_VIEW, chat, { webviewOptions: { retainContextWhenHidden: true } }),
    documents.register(),
    registerCommands({ paths, keeper, chat, lists, documents, log }),
    showStatus(keeper, chat),
    showTrees(lists),
    followHealth(keeper),
    new PresetPanels({ extension: context.extensionUri, knowledge: panelKnowledge(keeper, paths), chat, log }).register(),
    offerModels(keeper, lists),
    offerParticipant(keeper),
    provideTasks({ entry: file("cli"), node }),
    offerMcp({ entry: file("cli"), version, node }),
    startLanguage({ entry: file("cli"), node, log }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => chat.load()),
  );
  return apiOf(keeper);
}
