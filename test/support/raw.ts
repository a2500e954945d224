/** Bare TCP, for what no well-behaved client does. */
import { connect, type Socket } from "node:net";

export interface RawSocket {
  readonly socket: Socket;
  /** what has come so far */
  received(): string;
  /** the daemon has closed its side, or all of it */
  readonly ended: Promise<void>;
}

/** A socket that never closes by itself, also when the other end does. */
export function openRaw(port: number, text = ""): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let received = "";
    const ended = new Promise<void>((done) => {
      socket.once("end", () => done());
      socket.once("close", () => done());
    });
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
    });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => undefined);
      if (text !== "") socket.write(text);
      resolve({ socket, received: () => received, ended });
    });
  });
}

export function requestText(port: number, first: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${[`${first} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
}
