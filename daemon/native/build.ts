/**
 * `npm run build:native`: the patched libllama and our addon, from the source bundle inside node-llama-cpp and against its
 * prebuilt ggml libraries, put where node-llama-cpp looks for builds of its user. Skipped when nothing changed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { cached, cacheKey, cacheRoot, keep } from "./build-cache.ts";
import { install } from "./install.ts";
import { addonPath, type Installed, installed, installedFile, nodeLlamaCpp, packageRoot, type Variant } from "./paths.ts";
import { findPrebuilt, type Prebuilt } from "./prebuilt.ts";
import { requireTools } from "./tools.ts";

const root = packageRoot();
const here = join(root, "daemon", "native");
const work = join(root, "build", "native");
const source = join(work, "llama.cpp");
const binaries = join(work, "cmake");

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/** Hash of everything that the result depends on. */
function stamp(prebuilt: readonly Prebuilt[]): string {
  const hash = createHash("sha256");
  const version = (JSON.parse(readFileSync(join(nodeLlamaCpp(), "package.json"), "utf8")) as { version: string }).version;
  hash.update(`${version} ${process.platform} ${process.arch} ${prebuilt.map((one) => one.variant).join()}\n`);
  for (const file of [join(here, "CMakeLists.txt"), ...files(join(here, "src")), ...files(join(here, "patches"))])
    hash.update(readFileSync(file));
  return hash.digest("hex");
}

function run(command: string, args: string[], cwd: string): void {
  const done = spawnSync(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  if (done.status === 0) return;
  const tail = `${done.stdout}\n${done.stderr}`.trim().split("\n").slice(-40).join("\n");
  throw new Error(`'${command} ${args[0]} …' failed (${done.status ?? done.error?.message ?? done.signal}):\n${tail}`);
}

function checkOut(): void {
  rmSync(source, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  run("git", ["clone", "-q", join(nodeLlamaCpp(), "llama", "gitRelease.bundle"), source], work);
  // node-llama-cpp's own patches first: its addon was built against them
  const theirs = join(nodeLlamaCpp(), "llama", "patches");
  const ours = join(here, "patches");
  for (const patch of [
    ...files(theirs).filter((file) => file.endsWith(".diff")),
    ...files(ours).filter((file) => file.endsWith(".patch")),
  ]) {
    const applied = spawnSync("git", ["apply", "--check", "--reverse", patch], { cwd: source }).status === 0;
    if (!applied) run("git", ["apply", patch], source);
  }
}

function compile(prebuilt: readonly Prebuilt[]): void {
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
  run("cmake", ["--build", binaries, "--config", "Release", "-j", String(availableParallelism())], root);
}

/** @returns the folder with one folder of results for each variant */
function build(prebuilt: readonly Prebuilt[], wanted: string): string {
  const cache = cacheRoot();
  const key = cache === null ? "" : cacheKey(wanted);
  const before = cache === null ? null : cached(cache, key, prebuilt);
  if (before !== null) {
    say(`Taking the native core from ${before}`);
    return before;
  }
  requireTools();
  say(`Building the native core (${prebuilt.map((one) => one.variant).join(", ")}): 1 to 3 minutes …`);
  checkOut();
  say("  source unpacked and patched");
  compile(prebuilt);
  say("  compiled");
  if (cache !== null) keep(cache, key, prebuilt, binaries);
  return binaries;
}

async function main(): Promise<void> {
  const prebuilt = findPrebuilt();
  const wanted = stamp(prebuilt);
  const before = installed();
  if (before?.stamp === wanted && prebuilt.every((one) => existsSync(addonPath(one.variant)))) return;
  const started = Date.now();
  const folder = build(prebuilt, wanted);
  rmSync(installedFile(), { force: true });
  const folders: Partial<Record<Variant, string>> = {};
  for (const one of prebuilt) folders[one.variant] = relative(dirname(installedFile()), await install(one, join(folder, one.variant)));
  writeFileSync(installedFile(), JSON.stringify({ stamp: wanted, folders } satisfies Installed));
  say(`  done in ${Math.round((Date.now() - started) / 1000)} s`);
}

try {
  await main();
} catch (error) {
  writeFileSync(2, `${explain(error)}\n`);
  process.exitCode = 1;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const why = { EACCES: "no permission", EPERM: "no permission", EROFS: "the disk is read-only", ENOSPC: "the disk is full" }[code ?? ""];
  if (why === undefined || path === undefined) return error.message;
  return `The native core could not be written: ${why} at ${path}.\nIt is kept inside node_modules and built in build/native: run this as the user who owns them, or copy Tiller to a folder of your own.`;
}
