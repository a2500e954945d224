/** Folders of other programs with a real model in each, and the environment that says where they are. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeModel } from "./models/index.ts";

export interface FoundHome {
  readonly env: NodeJS.ProcessEnv;
  readonly model: string;
  readonly hub: string;
}

/** @param root an empty folder */
export function foundHome(root: string): FoundHome {
  const model = makeModel(join(root, "own", "Some Model.Q8_0.gguf"), { architecture: "llama" });
  const hub = join(root, "hf", "hub");
  const snapshot = join(hub, "models--owner--small-model", "snapshots", "0123abcd");
  place(model, join(hub, "models--owner--small-model", "blobs"), "abcd");
  mkdirSync(snapshot, { recursive: true });
  symlinkSync(join("..", "..", "blobs", "abcd"), join(snapshot, "small.gguf"));
  writeFileSync(join(snapshot, "mmproj-small.gguf"), "no model of language");
  writeFileSync(join(snapshot, "big-00002-of-00002.gguf"), "a part");
  const ollama = join(root, "ollama");
  const digest = createHash("sha256").update(readFileSync(model)).digest("hex");
  place(model, join(ollama, "blobs"), `sha256-${digest}`);
  const manifests = join(ollama, "manifests", "registry.ollama.ai", "library", "tiny");
  mkdirSync(manifests, { recursive: true });
  const layers = [
    { mediaType: "application/vnd.ollama.image.template", digest: `sha256:${"0".repeat(64)}` },
    { mediaType: "application/vnd.ollama.image.model", digest: `sha256:${digest}` },
  ];
  writeFileSync(join(manifests, "1b"), JSON.stringify({ schemaVersion: 2, layers }));
  writeFileSync(join(manifests, "broken"), "{");
  place(model, join(root, "llama"), "owner_repo_file.gguf");
  return { model, hub, env: { HF_HOME: join(root, "hf"), OLLAMA_MODELS: ollama, LLAMA_CACHE: join(root, "llama") } };
}

function place(model: string, folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(model, join(folder, name));
}
