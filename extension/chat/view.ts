/** The chat in the side bar: the page, its connections, and what it keeps. */
import * as vscode from "vscode";
import type { Preset } from "../../daemon/protocol/preset.ts";
import { type EditorMessage, type PageMessage, PageMessageSchema, type PageOrder, type Shown } from "../../daemon/protocol/webview.ts";
import type { Keeper } from "../daemon/keeper.ts";
import { PAGE, pageHtml } from "./html.ts";
import type { Kept } from "./kept.ts";
import { Relay } from "./relay.ts";

export const CHAT_VIEW = "tiller.chat";

export interface ChatOptions {
  readonly extension: vscode.Uri;
  readonly keeper: Keeper;
  readonly kept: Kept;
  readonly log: vscode.LogOutputChannel;
}

export class ChatView implements vscode.WebviewViewProvider {
  readonly #options: ChatOptions;
  readonly #shownChanged = new vscode.EventEmitter<Shown | null>();
  readonly #racks = new Map<number, (preset: Preset | null) => void>();
  readonly #waiting: PageOrder[] = [];
  #view: vscode.WebviewView | null = null;
  #relay: Relay | null = null;
  #ready = false;
  #shown: Shown | null = null;
  #nextRack = 1;

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  /** What the page shows; null: there is no page. */
  get shown(): Shown | null {
    return this.#shown;
  }

  readonly onShown = this.#shownChanged.event;

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extension } = this.#options;
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, ...PAGE)] };
    view.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    view.onDidDispose(() => this.#leave());
    this.load();
  }

  /** Loads the page anew. */
  load(): void {
    if (this.#view === null) return;
    this.#begin();
    this.#view.webview.html = pageHtml(this.#view.webview, this.#options.extension);
  }

  /** Shows the chat and has its page do something, at once or as soon as it is there. */
  async order(order: PageOrder): Promise<void> {
    await vscode.commands.executeCommand(`${CHAT_VIEW}.focus`);
    if (this.#ready) this.#post({ kind: "order", order });
    else this.#waiting.push(order);
  }

  /** Has the page do something if it is there. */
  tell(order: PageOrder): void {
    if (this.#ready) this.#post({ kind: "order", order });
  }

  /** The sliders as a preset of this name; null: there are none. */
  rack(name: string): Promise<Preset | null> {
    if (!this.#ready) return Promise.resolve(null);
    const id = this.#nextRack++;
    return new Promise((resolve) => {
      this.#racks.set(id, resolve);
      this.#post({ kind: "rack", id, name });
    });
  }

  dispose(): void {
    this.#leave();
    this.#shownChanged.dispose();
  }

  /** A page starts, or starts anew: what the last one had open is over. */
  #begin(): void {
    this.#relay?.dispose();
    this.#relay = new Relay(
      this.#options.keeper.connect,
      (message) => this.#post(message),
      (text) => this.#options.log.warn(text),
    );
    this.#ready = false;
    this.#show(null);
    for (const resolve of this.#racks.values()) resolve(null);
    this.#racks.clear();
  }

  #leave(): void {
    this.#relay?.dispose();
    this.#relay = null;
    this.#view = null;
    this.#ready = false;
    this.#show(null);
  }

  #receive(raw: unknown): void {
    const message = PageMessageSchema.safeParse(raw);
    if (message.success) void this.#act(message.data);
    else this.#options.log.warn(`the page sent a message that is none: ${message.error.issues[0]?.path.join(".")}`);
  }

  async #act(message: PageMessage): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#begin();
        this.#ready = true;
        // what the status bar and the trees are told by
        this.#options.keeper.client();
        this.#post({ kind: "start", kept: this.#options.kept.all() });
        for (const order of this.#waiting.splice(0)) this.#post({ kind: "order", order });
        break;
      case "keep":
        this.#keep(message.key, message.text);
        break;
      case "copy":
        await vscode.env.clipboard.writeText(message.text);
        this.#post({ kind: "copied", id: message.id, done: true });
        break;
      case "save":
        await saveFile(message.name, Buffer.from(message.text, message.encoding));
        break;
      case "link":
        if (/^https:\/\//.test(message.url)) await vscode.env.openExternal(vscode.Uri.parse(message.url, true));
        break;
      case "revive":
        await this.#options.keeper.revive().catch((error: unknown) => this.#options.log.error(String(error)));
        break;
      case "reload":
        this.load();
        break;
      case "open":
        this.#relay?.open(message.socket);
        break;
      case "send":
        this.#relay?.send(message.socket, message.text);
        break;
      case "close":
        this.#relay?.close(message.socket);
        break;
      case "shown":
        this.#show(message.shown);
        break;
      case "rack":
        this.#racks.get(message.id)?.(message.preset);
        this.#racks.delete(message.id);
    }
  }

  #keep(key: string, text: string | null): void {
    try {
      this.#options.kept.set(key, text);
    } catch (error) {
      this.#options.log.error(`what the chat keeps could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #show(shown: Shown | null): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#shownChanged.fire(shown);
  }

  #post(message: EditorMessage): void {
    void this.#view?.webview.postMessage(message);
  }
}

async function saveFile(name: string, content: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, content);
}
