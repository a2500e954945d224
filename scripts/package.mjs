/**
 * `npm run package [-- FILE]`: the extension for this platform as dist/tiller-<platform>.vsix, with the native core that was built
 * here. What is in it is .vscodeignore's allow-list.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, root } from "./setup.mjs";

/** VS Code's name for what this is built on; others are built on their own machines. */
export const TARGET = `${process.platform}-${process.arch}`;

/** Largest package in bytes; what is downloaded on every update. */
const MAX_BYTES = 130e6;

/** Newest glibc that the native core may ask for: 2.34 is that of Debian 12, Ubuntu 22.04, RHEL 9 and newer. */
const GLIBC = "2.34";

/** @param out where the file goes; what is there is replaced */
export function packageExtension(out = join(root, "dist", `tiller-${TARGET}.vsix`)) {
  prepare();
  checkCore();
  const started = Date.now();
  // Writes or touches every file of this build: chunks that are older belong to another one.
  run(["esbuild.mjs"]);
  const chunks = join(root, "dist", "daemon", "chunks");
  const stale = readdirSync(chunks).filter((name) => statSync(join(chunks, name)).mtimeMs < started - 1000);
  const ignore = join(root, "dist", "vscodeignore");
  const lines = [readFileSync(join(root, ".vscodeignore"), "utf8"), ...stale.map((name) => `dist/daemon/chunks/${name}`)];
  writeFileSync(ignore, `${lines.join("\n")}\n`);
  const vsce = join("node_modules", "@vscode", "vsce", "vsce");
  run([
    vsce,
    "package",
    "--target",
    TARGET,
    "--ignoreFile",
    ignore,
    "--allow-missing-repository",
    "--readme-path",
    join("extension", "README.md"),
    "--out",
    out,
  ]);
  const bytes = statSync(out).size;
  if (bytes > MAX_BYTES) refuse(`${out} has ${(bytes / 1e6).toFixed(1)} MB; at most ${MAX_BYTES / 1e6} are let through`);
  return out;
}

/** That the core of this platform was built, loads here, and asks for no newer C library than is stated. */
function checkCore() {
  const builds = join(root, "node_modules", "node-llama-cpp", "llama", "localBuilds");
  const { folders } = JSON.parse(readFileSync(join(builds, "tiller.json"), "utf8"));
  if (folders?.cpu === undefined) refuse(`no native core was built for ${TARGET}`);
  if (process.platform !== "linux") return;
  const folder = join(builds, folders.cpu);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(node|so)(\.\d+)*$/.test(name));
  const wanted = files.flatMap((name) =>
    [...readFileSync(join(folder, name), "latin1").matchAll(/\bGLIBC_(\d+)\.(\d+)/g)].map(([, a, b]) => [Number(a), Number(b)]),
  );
  const newest =
    wanted
      .sort((x, y) => x[0] - y[0] || x[1] - y[1])
      .at(-1)
      ?.join(".") ?? "0";
  if (newerThan(newest, GLIBC)) refuse(`the native core asks for glibc ${newest}; ${GLIBC} is what README and package promise`);
  console.error(`The native core of ${TARGET} asks for glibc ${newest} or newer.`);
}

function newerThan(a, b) {
  const [[x, y], [u, v]] = [a, b].map((text) => text.split(".").map(Number));
  return x > u || (x === u && y > v);
}

function refuse(why) {
  console.error(`Not packaged: ${why}.`);
  process.exit(1);
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  console.error(`${stdout}${stderr}\n'${args.join(" ")}' ended with ${status}.`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) {
  const at = process.argv.indexOf("--target");
  const asked = at < 0 ? TARGET : process.argv[at + 1];
  if (asked !== TARGET) refuse(`${asked} is built on a machine of its own; this one is ${TARGET}`);
  const file = packageExtension(process.argv.slice(2).find((one, index, all) => !one.startsWith("--") && all[index - 1] !== "--target"));
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
