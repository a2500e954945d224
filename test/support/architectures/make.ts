/** Runs training/architectures/make.py: a model and a reference for every configuration, in a folder that goes afterwards. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nodeLlamaCpp, packageRoot } from "../../../daemon/native/paths.ts";

const FOLDER = join(packageRoot(), "training", "architectures");

export const INSTALL =
  "needs PyTorch and transformers: cd training && python3 -m venv .venv-architectures && .venv-architectures/bin/pip install -r requirements-architectures.txt";

export const CONFIGURATIONS = Object.keys(JSON.parse(readFileSync(join(FOLDER, "configurations.json"), "utf8")) as object);

/** null: no interpreter has the packages */
export async function findPython(): Promise<string | null> {
  const { pythonWith } = (await import(pathToFileURL(join(packageRoot(), "scripts", "python.mjs")).href)) as {
    pythonWith: (modules: string, environment: string) => string | undefined;
  };
  return pythonWith("torch, transformers, sentencepiece, safetensors", ".venv-architectures") ?? null;
}

/** @throws Error with what Python said last */
export function makeAll(python: string, folder: string): void {
  const source = join(folder, "llama.cpp");
  run("git", ["clone", "-q", join(nodeLlamaCpp(), "llama", "gitRelease.bundle"), source]);
  run(python, [join(FOLDER, "make.py"), "--llama", source, "--out", folder]);
}

function run(command: string, args: string[]): void {
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024, env: { ...process.env, OMP_NUM_THREADS: "1" } });
  if (done.status !== 0) throw new Error(`${command} ${args[0]}: ${done.stderr.slice(-2000)}`);
}

/** Why there is no model of this configuration; null where there is one. */
export function missing(folder: string, name: string): string | null {
  const path = join(folder, `${name}.error`);
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
