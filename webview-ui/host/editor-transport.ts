/** Connections of the page that the editor's extension makes in its place: one number each, messages in place of a socket. */
import { ClientError, type ClientErrorCode } from "../../daemon/client/error.ts";
import type { Connect, TransportEvents } from "../../daemon/client/transport.ts";
import type { EditorChannel } from "./editor-channel.ts";

export function editorTransport(channel: EditorChannel): Connect {
  const open = new Map<number, TransportEvents>();
  let last = 0;
  channel.on((message) => {
    if (!("socket" in message)) return;
    const events = open.get(message.socket);
    if (events === undefined) return;
    switch (message.kind) {
      case "opened":
        return events.open();
      case "text":
        return events.text(message.text);
      case "binary":
        return events.binary(new Uint8Array(message.data));
      case "closed": {
        open.delete(message.socket);
        const { reason, refusal } = message;
        if (refusal === null) return events.close(reason);
        events.close(reason, new ClientError(refusal.code as ClientErrorCode, refusal.message, { suggestion: refusal.suggestion }));
      }
    }
  });
  return (events) => {
    const socket = ++last;
    open.set(socket, events);
    channel.post({ kind: "open", socket });
    return {
      send: (text) => channel.post({ kind: "send", socket, text }),
      close: () => channel.post({ kind: "close", socket }),
      abandon() {
        open.delete(socket);
        channel.post({ kind: "close", socket });
      },
    };
  };
}
