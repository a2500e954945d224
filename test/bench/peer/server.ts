/** A running llama.cpp server with the settings that our engine has. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Serving } from "../service.ts";

export interface PeerOptions extends Serving {
  readonly executable: string;
  readonly path: string;
  readonly threads: number;
  /** a GGUF control vector, applied at scale 1 */
  readonly controlVector: string | null;
  readonly extra?: readonly string[];
}

export class LlamaServer {
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  static async start(options: PeerOptions): Promise<LlamaServer> {
    const port = await freePort();
    const child = spawn(options.executable, argumentsOf(options, port), { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    let ended: string | null = null;
    child.stderr.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-3000);
    });
    child.on("error", (error) => {
      ended = error.message;
    });
    child.on("exit", (code, signal) => {
      ended = `it ended with ${code ?? signal}`;
    });
    const url = `http://127.0.0.1:${port}`;
    while (ended === null) {
      const ready = await fetch(`${url}/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return new LlamaServer(url, child);
      await sleep(100);
    }
    throw new Error(`llama.cpp's server did not start: ${ended}: ${log}`);
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

function argumentsOf({ path, threads, sequences, contextSize, controlVector, extra = [] }: PeerOptions, port: number): string[] {
  return [
    ...["-m", path, "--host", "127.0.0.1", "--port", String(port), "--offline", "--no-ui", "--log-verbosity", "1", "-ngl", "0"],
    ...["-t", String(threads), "-tb", String(threads), "-np", String(sequences), "-c", String(contextSize * sequences)],
    ...["-ctk", "f16", "-ctv", "f16"],
    ...(controlVector === null ? [] : ["--control-vector", controlVector]),
    ...extra,
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
