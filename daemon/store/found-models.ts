/**
 * GGUF files that other programs have on this machine already: Hugging Face's cache, LM Studio's, Ollama's and llama.cpp's folders.
 * They are looked at and never changed; a model that is added from there stays where it is.
 */
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join, relative, sep } from "node:path";

export const PROGRAMS = ["Hugging Face", "LM Studio", "Ollama", "llama.cpp"] as const;

export interface FoundModel {
  /** of the path, so that the path need not be told */
  readonly id: string;
  /** as the program calls it: repository and file, or model and tag */
  readonly name: string;
  readonly program: (typeof PROGRAMS)[number];
  readonly path: string;
  readonly sizeBytes: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Folders may be large, or loop: neither is followed without end. */
const DEEPEST = 6;
const MOST_ENTRIES = 20_000;
const MANIFEST_BYTES = 64 * 1024;
const MODEL_LAYER = "application/vnd.ollama.image.model";

export function foundModels(env: Environment = process.env, home = homedir(), platform = process.platform): FoundModel[] {
  const cache = env["XDG_CACHE_HOME"] || join(home, ".cache");
  const hub = env["HF_HUB_CACHE"] || env["HUGGINGFACE_HUB_CACHE"] || join(env["HF_HOME"] || join(cache, "huggingface"), "hub");
  const llama =
    env["LLAMA_CACHE"] ||
    (platform === "darwin"
      ? join(home, "Library", "Caches", "llama.cpp")
      : platform === "win32"
        ? join(env["LOCALAPPDATA"] || join(home, "AppData", "Local"), "llama.cpp")
        : join(cache, "llama.cpp"));
  const found = [
    ...files(hub).map((path) => ({ path, program: "Hugging Face" as const, name: hubName(relative(hub, path)) })),
    ...[join(home, ".lmstudio", "models"), join(home, ".cache", "lm-studio", "models")].flatMap((folder) =>
      files(folder).map((path) => ({ path, program: "LM Studio" as const, name: relative(folder, path).split(sep).join("/") })),
    ),
    ...files(llama).map((path) => ({ path, program: "llama.cpp" as const, name: basename(path) })),
    ...[
      env["OLLAMA_MODELS"] || join(home, ".ollama", "models"),
      ...(platform === "linux" ? ["/usr/share/ollama/.ollama/models"] : []),
    ].flatMap(ollama),
  ];
  const seen = new Set<string>();
  return found.flatMap(({ path, program, name }) => {
    const sizeBytes = sizeOf(path);
    if (sizeBytes === 0 || seen.has(path)) return [];
    seen.add(path);
    return [{ id: createHash("sha256").update(path).digest("hex").slice(0, 16), name, program, path, sizeBytes }];
  });
}

/** Models only: no parts but the first, no projectors of pictures. */
function files(folder: string): string[] {
  return entries(folder)
    .filter((path) => /\.gguf$/i.test(path) && !/mmproj/i.test(basename(path)))
    .filter((path) => !/-\d{5}-of-\d{5}\.gguf$/i.test(path) || /-00001-of-\d{5}\.gguf$/i.test(path))
    .sort();
}

/** `models--owner--repository/snapshots/<revision>/file` → `owner/repository/file` */
function hubName(path: string): string {
  const [repository = "", , , ...rest] = path.split(sep);
  return [...repository.replace(/^models--/, "").split("--"), ...rest].join("/");
}

/** Ollama keeps files by their content; what they are called stands in manifests. */
function ollama(folder: string): { path: string; program: "Ollama"; name: string }[] {
  const manifests = join(folder, "manifests");
  return entries(manifests).flatMap((manifest) => {
    const digest = modelDigest(manifest);
    if (digest === null) return [];
    const [, owner = "", ...rest] = relative(manifests, manifest).split(sep);
    const named = `${rest.slice(0, -1).join("/")}:${rest.at(-1) ?? ""}`;
    const path = join(folder, "blobs", digest.replace(":", "-"));
    return [{ path, program: "Ollama" as const, name: owner === "library" ? named : `${owner}/${named}` }];
  });
}

function modelDigest(manifest: string): string | null {
  try {
    if (statSync(manifest).size > MANIFEST_BYTES) return null;
    const { layers } = JSON.parse(readFileSync(manifest, "utf8")) as { layers?: { mediaType?: unknown; digest?: unknown }[] };
    const digest = layers?.find(({ mediaType }) => mediaType === MODEL_LAYER)?.digest;
    return typeof digest === "string" && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : null;
  } catch {
    return null;
  }
}

/** Files below a folder. Links to files are followed (Hugging Face's cache consists of them), links to folders are not. */
function entries(folder: string): string[] {
  const found: string[] = [];
  let read = 0;
  const walk = (at: string, depth: number): void => {
    for (const entry of listed(at)) {
      if (++read > MOST_ENTRIES) return;
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (depth < DEEPEST) walk(path, depth + 1);
      } else if (entry.isFile() || entry.isSymbolicLink()) found.push(path);
    }
  };
  walk(folder, 0);
  return found;
}

function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** 0: it is no file, or cannot be looked at */
function sizeOf(path: string): number {
  try {
    const kind = statSync(path);
    return kind.isFile() ? kind.size : 0;
  } catch {
    return 0;
  }
}
