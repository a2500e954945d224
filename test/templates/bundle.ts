/** The chat templates of real models that llama.cpp's source brings, out of the source bundle inside node-llama-cpp. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeLlamaCpp } from "../../daemon/native/paths.ts";
import { findPrebuilt } from "../../daemon/native/prebuilt.ts";

const FOLDER = "models/templates";

/** @returns the files' paths, in order of their names */
export function bundledTemplates(): string[] {
  const root = join(tmpdir(), "tiller-test-models");
  const kept = join(root, `templates-${findPrebuilt()[0]!.release}`);
  if (!existsSync(kept)) {
    mkdirSync(root, { recursive: true });
    const work = mkdtempSync(join(root, "templates-"));
    const bundle = join(nodeLlamaCpp(), "llama", "gitRelease.bundle");
    run("git", ["clone", "-q", "--no-checkout", bundle, join(work, "source")]);
    run("git", ["-C", join(work, "source"), "checkout", "-q", "HEAD", "--", FOLDER]);
    try {
      renameSync(join(work, "source", FOLDER), kept);
    } catch (error) {
      // another test was quicker
      if (!existsSync(kept)) throw error;
    }
    rmSync(work, { recursive: true, force: true });
  }
  return readdirSync(kept)
    .filter((name) => name.endsWith(".jinja"))
    .sort()
    .map((name) => join(kept, name));
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr}`);
}
