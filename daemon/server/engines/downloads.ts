/** Downloads run in a child process of their own, because node-llama-cpp (native code) does them. */
import { fork } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import * as z from "zod";
import type { ModelOffer } from "../../protocol/api/model.ts";
import { checkDownloadUri } from "../../protocol/download-uri.ts";
import { TillerError } from "../../protocol/errors.ts";
import { inside } from "../../store/paths.ts";

import { DOWNLOAD_MAIN } from "../entries.ts";
import { type Log, scrub } from "../log.ts";
import { childEnvironment } from "./early.ts";

const NOTIFY_MS = 250;
const MAX_AT_ONCE = 2;

const FromChildSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), bytes: z.number().min(0), totalBytes: z.number().min(0) }),
  z.object({ type: z.literal("done"), file: z.string().max(255) }),
  z.object({ type: z.literal("offer"), file: z.string().max(255), totalBytes: z.number().min(0), licence: z.string().nullable() }),
  z.object({
    type: z.literal("failed"),
    code: z.enum(["forbidden", "bad-model-file", "too-large", "not-found", "storage-failed", "engine-failed"]),
    message: z.string(),
  }),
]);

type Done = Extract<z.infer<typeof FromChildSchema>, { file: string }>;

export interface DownloadProgress {
  readonly model: string;
  readonly fraction: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

export class Downloads {
  readonly #folder: string;
  readonly #limitBytes: number;
  readonly #log: Log;
  readonly #running = new Map<string, AbortController>();

  constructor(folder: string, limitBytes: number, log: Log) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
    this.#log = log;
  }

  /** Resolves with the file's path inside the store. @throws TillerError */
  async run(uri: string, signal: AbortSignal, progress: (progress: DownloadProgress) => void): Promise<string> {
    checkDownloadUri(uri);
    if (this.#running.has(uri)) throw new TillerError("conflict", "this model is being downloaded already", { field: "uri" });
    if (this.#running.size >= MAX_AT_ONCE) throw new TillerError("overloaded", `${MAX_AT_ONCE} downloads run already`, { field: "uri" });
    const stop = new AbortController();
    this.#running.set(uri, stop);
    try {
      const done = await this.#child({ uri }, AbortSignal.any([signal, stop.signal]), progress);
      const path = inside(this.#folder, done.file);
      if (statSync(path).size > this.#limitBytes) {
        rmSync(path, { force: true });
        throw new TillerError("too-large", "the file is larger than config.json allows", { field: "uri" });
      }
      return path;
    } finally {
      this.#running.delete(uri);
    }
  }

  /** What a download would fetch. @throws TillerError */
  async offer(uri: string, signal: AbortSignal): Promise<ModelOffer> {
    checkDownloadUri(uri);
    const done = await this.#child({ uri, only: "offer" }, signal, () => undefined);
    if (done.type !== "offer") throw new TillerError("engine-failed", "the address could not be looked up");
    return { fileName: done.file, sizeBytes: done.totalBytes, licence: done.licence };
  }

  close(): void {
    for (const stop of this.#running.values()) stop.abort();
  }

  #child(task: { uri: string; only?: "offer" }, signal: AbortSignal, progress: (progress: DownloadProgress) => void): Promise<Done> {
    return new Promise((resolve, reject) => {
      const child = fork(DOWNLOAD_MAIN, [], { stdio: ["ignore", "ignore", "pipe", "ipc"], env: childEnvironment() });
      const abort = (): void => {
        child.kill("SIGTERM");
        reject(new TillerError("cancelled", "the download was cancelled; it continues where it stopped when it is asked for again"));
      };
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) abort();
      child.stderr?.on("data", (chunk: Buffer) => this.#log.debug(`download: ${scrub(chunk.toString("utf8").slice(0, 400)).trim()}`));
      let last = 0;
      child.on("message", (raw) => {
        const message = FromChildSchema.safeParse(raw);
        if (!message.success) return;
        if (message.data.type === "progress") {
          const { bytes, totalBytes } = message.data;
          if (Date.now() - last < NOTIFY_MS) return;
          last = Date.now();
          progress({ model: task.uri, fraction: totalBytes === 0 ? 0 : Math.min(bytes / totalBytes, 1), bytes, totalBytes });
        } else if (message.data.type !== "failed") resolve(message.data);
        else reject(new TillerError(message.data.code, scrub(message.data.message), { field: "uri" }));
      });
      child.on("error", () => reject(new TillerError("engine-failed", "the download could not be started")));
      child.on("exit", () => {
        signal.removeEventListener("abort", abort);
        reject(
          new TillerError("engine-failed", "the download ended unexpectedly", { suggestion: "Try again; it continues where it stopped." }),
        );
      });
      child.send({ ...task, folder: this.#folder, limitBytes: this.#limitBytes });
    });
  }
}
