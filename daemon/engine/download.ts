/**
 * A child process that downloads one model with node-llama-cpp's downloader and ends. Every request that the downloader makes
 * goes through `guardedFetch`: https, allowed hosts on every redirect, no private addresses, no credentials.
 */
import { basename } from "node:path";
import { createModelDownloader } from "node-llama-cpp";
import * as z from "zod";
import { TillerError } from "../protocol/errors.ts";
import { Checksums } from "./model/checksums.ts";
import { guardFetch } from "./model/guarded-fetch.ts";
import { licenceOf } from "./model/licence.ts";
import { type Network, networkOf } from "./model/proxy.ts";

/** The downloader tries again by itself, which is right for a moment without network and wrong for ever. */
const STALL_MS = 30_000;

const NO_NETWORK = "nothing arrived for 30 s: is there a network?";

const checksums = new Checksums();

const TaskSchema = z.object({ uri: z.string(), folder: z.string(), limitBytes: z.number(), only: z.enum(["offer"]).optional() }).strict();
type Task = z.infer<typeof TaskSchema>;

async function download(task: Task): Promise<string> {
  const stall = setTimeout(() => end({ type: "failed", code: "engine-failed", message: NO_NETWORK }), STALL_MS);
  let have = 0;
  const downloader = await createModelDownloader({
    modelUri: task.uri,
    dirPath: task.folder,
    showCliProgress: false,
    deleteTempFileOnCancel: false,
    parallelDownloads: 2,
    onProgress: ({ totalSize, downloadedSize }) => {
      if (downloadedSize > task.limitBytes) end({ type: "failed", code: "too-large", message: tooLarge(task.limitBytes) });
      if (downloadedSize > have) stall.refresh();
      have = downloadedSize;
      process.send?.({ type: "progress", bytes: downloadedSize, totalBytes: totalSize });
    },
  });
  if (downloader.totalSize > task.limitBytes) {
    await downloader.cancel({ deleteTempFile: true });
    throw new TillerError("too-large", tooLarge(task.limitBytes));
  }
  const name = downloader.entrypointFilename;
  if (basename(name) !== name || !/\.gguf$/i.test(name)) throw new TillerError("forbidden", "uri: this is not a GGUF file");
  const file = basename(await downloader.download());
  clearTimeout(stall);
  await checksums.verify(task.folder, file);
  return file;
}

/** What would be fetched; nothing is. */
async function offer(task: Task): Promise<object> {
  const stall = setTimeout(() => end({ type: "failed", code: "engine-failed", message: NO_NETWORK }), STALL_MS);
  const downloader = await createModelDownloader({ modelUri: task.uri, dirPath: task.folder, showCliProgress: false });
  const { entrypointFilename, totalSize } = downloader;
  await downloader.cancel({ deleteTempFile: false });
  const licence = await licenceOf(task.uri);
  clearTimeout(stall);
  return { type: "offer", file: basename(entrypointFilename), totalBytes: totalSize, licence };
}

function tooLarge(limit: number): string {
  return `the file is larger than the ${limit} bytes that config.json allows`;
}

function end(message: object): void {
  process.send?.(message, () => process.exit(0));
}

process.once("disconnect", () => process.exit(0));
process.once("SIGTERM", () => process.exit(0));
process.once("message", (raw) => {
  let network: Network;
  try {
    network = networkOf(process.env);
  } catch (error) {
    end({ type: "failed", ...reason(error) });
    return;
  }
  const guarded = guardFetch(network.fetch, network.resolve, (url, headers) => checksums.note(url, headers));
  globalThis.fetch = async (input, init) => {
    try {
      return await guarded(input, init);
    } catch (error) {
      // Refused is refused: another try would only ask the same again.
      if (error instanceof TillerError) end({ type: "failed", ...reason(error) });
      throw error;
    }
  };
  const task = TaskSchema.parse(raw);
  const work = task.only === "offer" ? offer(task) : download(task).then((file) => ({ type: "done", file }));
  work.then(end, (error: unknown) => end({ type: "failed", ...reason(error) }));
});

function reason(error: unknown): { code: string; message: string } {
  const codes = ["forbidden", "bad-model-file", "too-large", "not-found", "storage-failed"];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof TillerError && codes.includes(cause.code)) return { code: cause.code, message: cause.message };
    if ((cause as NodeJS.ErrnoException).code === "ENOSPC") return { code: "storage-failed", message: "the disk is full" };
  }
  const text = error instanceof Error ? error.message : String(error);
  if (/404|not found/i.test(text)) return { code: "not-found", message: "uri: there is no such model" };
  return { code: "engine-failed", message: `the download failed: ${text.slice(0, 300)}` };
}
