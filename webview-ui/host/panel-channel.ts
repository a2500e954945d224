/** The messages between a preset's panel and the editor's extension. */
import type { PanelMessage, PanelUpdate } from "../../daemon/protocol/panel.ts";

declare const acquireVsCodeApi: () => { postMessage(message: PanelMessage): void };

export type PostPanel = (message: PanelMessage) => void;

export function openPanelChannel(listener: (update: PanelUpdate) => void): PostPanel {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }: MessageEvent<PanelUpdate>) => listener(data));
  return (message) => api.postMessage(message);
}
