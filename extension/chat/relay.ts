/**
 * Carries a webview's connections to the daemon. The page posts messages instead of opening sockets, because that is what works
 * wherever the editor shows a webview: with the workspace on another machine (SSH, WSL, a container, a browser) the daemon's port
 * is there and not here, and a forwarded port would need an exception from the daemon's checks of Host and Origin. So the token
 * stays in this process, and the page's policy allows it no network at all. What passes is checked in both directions.
 */

import type { ClientError } from "../../daemon/client/error.ts";
import type { Connect, Transport } from "../../daemon/client/transport.ts";
import { schemaChecks } from "../../daemon/client-node/checks.ts";
import type { MethodName, NotificationName } from "../../daemon/protocol/api/index.ts";
import { type EditorMessage, PageCallSchema, type Refusal } from "../../daemon/protocol/webview.ts";

type Post = (message: EditorMessage) => void;

interface Socket {
  readonly transport: Transport;
  /** calls that wait for their result, by their id */
  readonly asked: Map<number | string, MethodName>;
}

export class Relay {
  readonly #connect: Connect;
  readonly #post: Post;
  readonly #log: (message: string) => void;
  readonly #sockets = new Map<number, Socket>();

  constructor(connect: Connect, post: Post, log: (message: string) => void) {
    this.#connect = connect;
    this.#post = post;
    this.#log = log;
  }

  open(socket: number): void {
    if (this.#sockets.has(socket)) return;
    const asked = new Map<number | string, MethodName>();
    const transport = this.#connect({
      open: () => this.#post({ kind: "opened", socket }),
      text: (text) => {
        const checked = this.#fromDaemon(text, asked);
        if (checked !== null) this.#post({ kind: "text", socket, text: checked });
      },
      binary: (data) => this.#post({ kind: "binary", socket, data: data.slice().buffer as ArrayBuffer }),
      close: (reason, refusal) => {
        this.#sockets.delete(socket);
        this.#post({ kind: "closed", socket, reason, refusal: refusal === undefined ? null : refusalOf(refusal) });
      },
    });
    this.#sockets.set(socket, { transport, asked });
  }

  send(socket: number, text: string): void {
    const open = this.#sockets.get(socket);
    if (open === undefined) return;
    const call = PageCallSchema.safeParse(parsed(text));
    if (!call.success) {
      this.#log(`the page sent what is no call: ${call.error.issues[0]?.message}`);
      return;
    }
    const { id, method } = call.data;
    if (id !== undefined) open.asked.set(id, method as MethodName);
    open.transport.send(text);
  }

  close(socket: number): void {
    this.#sockets.get(socket)?.transport.close();
  }

  dispose(): void {
    for (const { transport } of this.#sockets.values()) transport.abandon();
    this.#sockets.clear();
  }

  /** @returns what the page gets: an error in place of a result that the protocol does not know; null: nothing */
  #fromDaemon(text: string, asked: Map<number | string, MethodName>): string | null {
    const message = parsed(text) as { id?: number | string; method?: string; params?: unknown; result?: unknown } | null;
    if (message === null) return null;
    try {
      if (typeof message.method === "string") schemaChecks.notification(message.method as NotificationName, message.params);
      else if (message.id !== undefined) {
        const method = asked.get(message.id);
        asked.delete(message.id);
        if (method !== undefined && "result" in message) schemaChecks.result(method, message.result);
      }
      return text;
    } catch (error) {
      const why = `the daemon sent what the protocol does not know: ${error instanceof Error ? error.message : String(error)}`;
      this.#log(why);
      if (message.id === undefined) return null;
      return JSON.stringify({ jsonrpc: "2.0", id: message.id, error: { code: -32603, message: why } });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusalOf({ code, message, detail }: ClientError): Refusal {
  return { code, message, suggestion: detail.suggestion };
}
