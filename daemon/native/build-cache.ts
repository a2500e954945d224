/**
 * Builds kept outside the checkout, so that CI, which begins with an empty one, compiles what it has not compiled before. A build is
 * found by a hash of its sources and of the tools that made it, and taken only if its files are those that were put there.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "./paths.ts";
import type { Prebuilt } from "./prebuilt.ts";

/** Builds of other branches that stay; the one that was not used for longest goes first. */
const KEPT = 4;
const SUMS = "sums.json";

/** `TILLER_NATIVE_CACHE`; in CI a folder in the home; else null: a checkout that stays has its own build. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string | null {
  const given = env["TILLER_NATIVE_CACHE"];
  if (given !== undefined && given !== "") return given;
  return env["CI"] === "true" ? join(homedir(), ".cache", "tiller-native") : null;
}

/** @param stamp hash of the sources; @returns the same with compiler, cmake, C library and the flags that the environment sets */
export function cacheKey(stamp: string, env: NodeJS.ProcessEnv = process.env): string {
  const hash = createHash("sha256").update(`${stamp}\n`);
  for (const tool of [env["CXX"] ?? "c++", env["CC"] ?? "cc", "cmake"]) {
    const { stdout } = spawnSync(tool, ["--version"], { encoding: "utf8" });
    hash.update(`${stdout ?? "none"}\n`);
  }
  for (const name of ["node-addon-api", "node-api-headers"])
    hash.update(readFileSync(join(packageRoot(), "node_modules", name, "package.json")));
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  hash.update(`${header.glibcVersionRuntime ?? "none"}\n`);
  for (const name of ["CFLAGS", "CXXFLAGS", "LDFLAGS"]) hash.update(`${env[name] ?? ""}\n`);
  return hash.digest("hex").slice(0, 32);
}

const built = (one: Prebuilt): string[] => [one.llama, "tiller.node"];
const sumOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

/** @returns the folder with one folder for each variant, as the build leaves them; null when it is not there in full and unharmed */
export function cached(root: string, key: string, prebuilt: readonly Prebuilt[]): string | null {
  const folder = join(root, key);
  try {
    const sums = JSON.parse(readFileSync(join(folder, SUMS), "utf8")) as Record<string, string>;
    for (const one of prebuilt)
      for (const name of built(one)) if (sumOf(join(folder, one.variant, name)) !== sums[`${one.variant}/${name}`]) return null;
    utimesSync(folder, new Date(), new Date());
    return folder;
  } catch {
    return null;
  }
}

/** Whole or not at all; where it cannot be written, the build is simply not kept. */
export function keep(root: string, key: string, prebuilt: readonly Prebuilt[], binaries: string): void {
  const part = join(root, `${key}.${process.pid}.part`);
  try {
    const sums: Record<string, string> = {};
    for (const one of prebuilt) {
      mkdirSync(join(part, one.variant), { recursive: true });
      for (const name of built(one)) {
        copyFileSync(join(binaries, one.variant, name), join(part, one.variant, name));
        sums[`${one.variant}/${name}`] = sumOf(join(part, one.variant, name));
      }
    }
    writeFileSync(join(part, SUMS), JSON.stringify(sums));
    rmSync(join(root, key), { recursive: true, force: true });
    renameSync(part, join(root, key));
    forget(root);
  } catch {
    rmSync(part, { recursive: true, force: true });
  }
}

function forget(root: string): void {
  const age = (name: string): number => statSync(join(root, name)).mtimeMs;
  const builds = readdirSync(root)
    .filter((name) => existsSync(join(root, name, SUMS)))
    .sort((a, b) => age(b) - age(a));
  for (const name of builds.slice(KEPT)) rmSync(join(root, name), { recursive: true, force: true });
}
