/** Unpacks and patches llama.cpp's source, and has cmake build what is asked for of it and of ours. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { nodeLlamaCpp, packageRoot } from "./paths.ts";
import { findPrebuilt, type Prebuilt } from "./prebuilt.ts";
import { requireTools } from "./tools.ts";

const root = packageRoot();
const here = join(root, "daemon", "native");
const work = join(root, "build", "native");
const source = join(work, "llama.cpp");
/** What the source was made of, when it was unpacked whole. */
const madeOf = join(work, "llama.cpp.sha256");
/** cmake's folder, with one folder of results for each variant. */
export const binaries = join(work, "cmake");

export function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function run(command: string, args: string[], cwd: string): void {
  const done = spawnSync(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  if (done.status === 0) return;
  const tail = `${done.stdout}\n${done.stderr}`.trim().split("\n").slice(-40).join("\n");
  throw new Error(`'${command} ${args[0]} …' failed (${done.status ?? done.error?.message ?? done.signal}):\n${tail}`);
}

function patches(): string[] {
  // node-llama-cpp's own first: its addon was built against them
  const theirs = files(join(nodeLlamaCpp(), "llama", "patches")).filter((file) => file.endsWith(".diff"));
  const ours = files(join(here, "patches")).filter((file) => file.endsWith(".patch"));
  return [...theirs, ...ours];
}

/** Once for each release and set of patches. */
export function checkOut(): void {
  const hash = createHash("sha256").update(readFileSync(join(nodeLlamaCpp(), "package.json")));
  for (const patch of patches()) hash.update(readFileSync(patch));
  const wanted = hash.digest("hex");
  if (existsSync(madeOf) && readFileSync(madeOf, "utf8") === wanted) return;
  rmSync(madeOf, { force: true });
  rmSync(source, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  run("git", ["clone", "-q", join(nodeLlamaCpp(), "llama", "gitRelease.bundle"), source], work);
  for (const patch of patches()) {
    const applied = spawnSync("git", ["apply", "--check", "--reverse", patch], { cwd: source }).status === 0;
    if (!applied) run("git", ["apply", patch], source);
  }
  writeFileSync(madeOf, wanted);
}

/** Everything, or these targets alone. */
export function compile(prebuilt: readonly Prebuilt[], targets: readonly string[] = []): void {
  const list = (values: readonly string[]): string => values.join(";");
  const definitions = {
    CMAKE_BUILD_TYPE: "Release",
    LLAMA_SOURCE: source,
    LLAMA_VERSION: prebuilt[0]!.release,
    NODE_API_HEADERS: join(root, "node_modules", "node-api-headers", "include"),
    NODE_ADDON_API: join(root, "node_modules", "node-addon-api"),
    VARIANTS: list(prebuilt.map((one) => one.variant)),
    ...Object.fromEntries(
      prebuilt.flatMap((one) => [
        [`PREBUILT_${one.variant}`, one.folder],
        [`GGML_${one.variant}`, list(one.ggml)],
        [`LLAMA_${one.variant}`, one.llama],
        [`COMMON_${one.variant}`, one.common],
      ]),
    ),
  };
  run(
    "cmake",
    ["-S", here, "-B", binaries, ...Object.entries(definitions).map(([name, value]) => `-D${name}=${value.replaceAll("\\", "/")}`)],
    root,
  );
  run(
    "cmake",
    ["--build", binaries, "--config", "Release", ...targets.flatMap((name) => ["--target", name]), "-j", String(availableParallelism())],
    root,
  );
}

const SANITIZERS = ["thread", "address"] as const;
export type Sanitizer = (typeof SANITIZERS)[number];

/**
 * The decoder under sanitizers, with warnings as errors.
 * @returns the programs, and the folder of ggml's libraries that they take as their second argument
 */
export function compileChecks(): { readonly programs: Readonly<Record<Sanitizer, string>>; readonly ggml: string } {
  requireTools();
  const prebuilt = findPrebuilt();
  checkOut();
  compile(prebuilt, [...SANITIZERS.map((name) => `check_${name}`), "addon_warnings"]);
  const at = (name: Sanitizer) => join(binaries, name, "decoder");
  return { programs: { thread: at("thread"), address: at("address") }, ggml: prebuilt[0]!.folder };
}
