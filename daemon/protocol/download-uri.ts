/** What may be downloaded: `hf:user/repo…` or https on an allowed host. The same check runs on every redirect. */
import { TillerError } from "./errors.ts";

/** The first is where files are asked for; the others are where it sends the bytes from. Exact names, or any below `.hf.co`. */
const HOSTS = ["huggingface.co", "hf.co"];
const DATA_SUFFIXES = [".huggingface.co", ".hf.co"];
const HF_URI = /^(?:hf|huggingface):[A-Za-z0-9][\w.-]*\/[\w.-]+(?:\/[\w.-]+)*(?::[\w.-]+)?(?:#[\w.-]+)?$/;

/** @throws TillerError invalid-params */
export function checkDownloadUri(uri: string): void {
  if (/^(hf|huggingface):/.test(uri)) {
    if (HF_URI.test(uri) && !uri.includes("..")) return;
    throw new TillerError("invalid-params", "uri: must look like hf:user/repository or hf:user/repository/file.gguf", { field: "uri" });
  }
  checkDownloadUrl(uri, true);
}

/** @throws TillerError forbidden, naming the host */
export function checkDownloadUrl(text: string, first: boolean): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new TillerError("invalid-params", "uri: not a URL", { field: "uri" });
  }
  const known = HOSTS.includes(url.hostname) || (!first && DATA_SUFFIXES.some((suffix) => url.hostname.endsWith(suffix)));
  if (url.protocol === "https:" && known && url.port === "" && url.username === "" && url.password === "") return url;
  throw new TillerError("forbidden", `uri: downloads come from https://${HOSTS[0]} only`, {
    field: "uri",
    suggestion: "Download the file yourself and add it with `tiller models add <file>`.",
  });
}
