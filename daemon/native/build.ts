/**
 * `npm run build:native`: the patched libllama and our addon, from the source bundle inside node-llama-cpp and against its
 * prebuilt ggml libraries, put where node-llama-cpp looks for builds of its user. Skipped when nothing changed.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { cached, cacheKey, cacheRoot, keep } from "./build-cache.ts";
import { binaries, checkOut, compile, files } from "./compile.ts";
import { install } from "./install.ts";
import { addonPath, type Installed, installed, installedFile, nodeLlamaCpp, packageRoot, type Variant } from "./paths.ts";
import { findPrebuilt, type Prebuilt } from "./prebuilt.ts";
import { requireTools } from "./tools.ts";

const root = packageRoot();
const here = join(root, "daemon", "native");

function say(line: string): void {
  process.stderr.write(`${line}\n`);
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
