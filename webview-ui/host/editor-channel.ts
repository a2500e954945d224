/** The messages between the page and the editor's extension. */
import type { EditorMessage, PageMessage } from "../../daemon/protocol/webview.ts";

/** What VS Code gives a webview, once. */
export interface EditorApi {
  postMessage(message: PageMessage): void;
}

/** Both ways of the channel; every listener hears every message. */
export interface EditorChannel {
  post(message: PageMessage): void;
  on(listener: (message: EditorMessage) => void): void;
}

export function openChannel(api: EditorApi): EditorChannel {
  const listeners = new Set<(message: EditorMessage) => void>();
  // Messages of the editor come from the frame around this one; the editor lets nobody else post here.
  window.addEventListener("message", ({ data }: MessageEvent<EditorMessage>) => {
    for (const listener of listeners) listener(data);
  });
  return { post: (message) => api.postMessage(message), on: (listener) => void listeners.add(listener) };
}
