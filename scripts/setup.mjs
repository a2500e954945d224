/** Steps shared by `npm start`, `npm test` and `npm run bench`: each runs only when its result is missing or out of date. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// node-llama-cpp takes no other values, and services set their name or nothing.
if (process.env.CI === "") delete process.env.CI;
else if (process.env.CI !== undefined && !/^(?:true|false|0|1)$/i.test(process.env.CI)) process.env.CI = "true";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function run(command, args, { env = {}, quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ["ignore", "ignore", "inherit"] : ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error(`\n'${command} ${args.join(" ")}' ended with ${result.status ?? result.signal ?? result.error?.message}.`);
    process.exit(result.status || 1);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    console.error(`Tiller needs Node 20.11 or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`);
    process.exit(1);
  }
}

/** npm packages: installed when node_modules is missing or older than the lock file. */
export function install() {
  checkNode();
  const marker = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(marker) && (!existsSync(lock) || statSync(marker).mtimeMs >= statSync(lock).mtimeMs || sameLock(marker, lock))) return;
  console.error("Installing npm packages …");
  // `ci` empties the folder, and the native core is in it
  const whole = existsSync(lock) && !existsSync(marker);
  run("npm", [whole ? "ci" : "install", "--no-audit", "--no-fund", "--ignore-scripts"], { quiet: true });
}

/** git gives every file the time of the checkout, so the contents decide: same packages at the same versions. */
function sameLock(marker, lock) {
  const installed = JSON.parse(readFileSync(marker, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || entry.peer || installed[path]?.version === entry.version,
  );
}

/** What is compiled, or says how. */
const SOURCES = [
  "daemon",
  "extension",
  "language-server",
  "webview-ui",
  "test",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
  "esbuild.mjs",
];
/** What the last step of each part of the build leaves behind. */
const RESULTS = [
  ["out", "daemon", "reference", "main.js"],
  ["out", "test", "bench", "main.js"],
  ["dist", "daemon", "build-id"],
  ["dist", "webview", "main.js"],
  ["dist", "extension", "main.js"],
  ["node_modules", "node-llama-cpp", "llama", "localBuilds", "tiller.json"],
].map((parts) => join(root, ...parts));

/** Names, sizes and times of all sources: a few milliseconds, where the compilers take a second to find nothing to do. */
function sourcesNow() {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}\n`);
  const add = (path) => {
    const stats = statSync(path);
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(`${path} ${stats.size} ${stats.mtimeMs}\n`);
  };
  for (const name of SOURCES) add(join(root, name));
  return hash.digest("hex");
}

/** npm packages, TypeScript, the bundles and the native core, as far as they are not up to date. */
export function prepare() {
  install();
  const stamp = join(root, "dist", "sources");
  const now = sourcesNow();
  if (RESULTS.every((file) => existsSync(file)) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  run(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
  run(process.execPath, ["esbuild.mjs"]);
  buildNative();
  writeFileSync(stamp, now);
}

/** The patched libllama and the addon (1 to 3 minutes the first time, then skipped). */
export function buildNative() {
  run(process.execPath, [join("out", "daemon", "native", "build.js")]);
}
