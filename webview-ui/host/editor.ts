/** The page in an editor's webview. Everything goes through posted messages: the webview's policy allows it no network. */
import { TillerClient } from "../../daemon/client/client.ts";
import { memoryStorage } from "./browser-storage.ts";
import { type EditorApi, type EditorChannel, openChannel } from "./editor-channel.ts";
import { editorTransport } from "./editor-transport.ts";
import type { Host, HostFrame, HostStorage } from "./host.ts";
import { themeSigns } from "./theme-signs.ts";

export async function editorHost(api: EditorApi): Promise<Host> {
  const channel = openChannel(api);
  const kept = await new Promise<Readonly<Record<string, string>>>((resolve) => {
    channel.on((message) => {
      if (message.kind === "start") resolve(message.kept);
    });
    channel.post({ kind: "ready" });
  });
  const connect = editorTransport(channel);
  return {
    keptIn: "on this computer, for this workspace",
    storage: storage(channel, kept),
    entry: {
      connect: () => new TillerClient(connect, { name: "VS Code chat", version: "0" }),
      // The editor has the token: a page that asked for one would ask for nothing.
      keep: () => undefined,
      onPass: () => undefined,
      revive: () => channel.post({ kind: "revive" }),
    },
    theme: themeSigns,
    frame: frame(channel),
    startAdvice: "“Reconnect” starts the daemon again.",
    copy: copier(channel),
    saveFile: (name, _type, content) =>
      channel.post(
        typeof content === "string"
          ? { kind: "save", name, text: content, encoding: "utf8" }
          : { kind: "save", name, text: base64(content), encoding: "base64" },
      ),
    openLink: (url) => channel.post({ kind: "link", url }),
    reload: () => channel.post({ kind: "reload" }),
    onLeave(listener) {
      window.addEventListener("pagehide", listener);
      return () => window.removeEventListener("pagehide", listener);
    },
  };
}

/** Messages carry text. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** As it was at the start, and every change sent on. */
function storage(channel: EditorChannel, kept: Readonly<Record<string, string>>): HostStorage {
  const memory = memoryStorage(new Map(Object.entries(kept)));
  return {
    ...memory,
    set(key, text) {
      memory.set(key, text);
      channel.post({ kind: "keep", key, text });
    },
    remove(key) {
      if (memory.get(key) === null) return;
      memory.remove(key);
      channel.post({ kind: "keep", key, text: null });
    },
  };
}

function copier(channel: EditorChannel): Host["copy"] {
  const waiting = new Map<number, (done: boolean) => void>();
  let last = 0;
  channel.on((message) => {
    if (message.kind !== "copied") return;
    waiting.get(message.id)?.(message.done);
    waiting.delete(message.id);
  });
  return async (given) => {
    const text = await Promise.resolve(given).catch(() => null);
    if (text === null) return false;
    return new Promise((resolve) => {
      const id = ++last;
      waiting.set(id, resolve);
      channel.post({ kind: "copy", id, text });
    });
  };
}

function frame(channel: EditorChannel): HostFrame {
  return {
    onOrder: (listener) =>
      channel.on((message) => {
        if (message.kind === "order") listener(message.order);
      }),
    onRack: (listener) =>
      channel.on((message) => {
        if (message.kind === "rack") channel.post({ kind: "rack", id: message.id, preset: listener(message.name) });
      }),
    show: (shown) => channel.post({ kind: "shown", shown }),
  };
}
