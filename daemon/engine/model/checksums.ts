/**
 * Checksums that huggingface.co states for large files: the answer to a request for `…/resolve/<revision>/<file>` carries
 * `x-linked-etag: "<sha256>"`, on the redirect to where the bytes are. Read over https from the first host only.
 */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { TillerError } from "../../protocol/errors.ts";

export class Checksums {
  /** remote file name → sha256 in hex */
  readonly #stated = new Map<string, string>();

  note(url: URL, headers: Headers): void {
    const sha256 = /^"?([0-9a-f]{64})"?$/i.exec(headers.get("x-linked-etag") ?? "")?.[1];
    if (url.hostname !== "huggingface.co" || sha256 === undefined || !url.pathname.includes("/resolve/")) return;
    this.#stated.set(decodeURIComponent(basename(url.pathname)), sha256.toLowerCase());
  }

  /**
   * Compares the downloaded file, and the parts that belong to it, with what was stated; what was not stated passes.
   * @param name of the local file; the downloader may have put the repository's name before the remote one
   * @throws TillerError bad-model-file; the file is deleted, for going on from a wrong file would never end well
   */
  async verify(folder: string, name: string): Promise<void> {
    const stem = name.replace(/-\d{5}-of-\d{5}\.gguf$/i, "");
    const parts = stem === name ? [name] : readdirSync(folder).filter((file) => file.startsWith(stem) && /-of-\d{5}\.gguf$/i.test(file));
    for (const part of parts) {
      const stated = [...this.#stated].find(([remote]) => part.endsWith(remote))?.[1];
      if (stated === undefined) continue;
      const path = join(folder, part);
      if ((await sha256Of(path)) === stated) continue;
      rmSync(path, { force: true });
      throw new TillerError("bad-model-file", "uri: the file that arrived does not have the checksum that huggingface.co states", {
        field: "uri",
        suggestion: "Download it again.",
      });
    }
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
