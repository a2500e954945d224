/** The host of this page: an editor where it gives its webview the way to talk to it, else a browser. */
import { browserHost } from "./browser.ts";
import { editorHost } from "./editor.ts";
import type { EditorApi } from "./editor-channel.ts";
import type { Host } from "./host.ts";

declare const acquireVsCodeApi: (() => EditorApi) | undefined;

export async function startHost(): Promise<Host> {
  return typeof acquireVsCodeApi === "function" ? editorHost(acquireVsCodeApi()) : browserHost();
}
