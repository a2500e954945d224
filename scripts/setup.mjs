/** Steps shared by `npm start`, `npm test` and `npm run bench`: each runs only when its result is missing or out of date. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

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
  run("npm", [existsSync(lock) ? "ci" : "install", "--no-audit", "--no-fund", "--ignore-scripts"], { quiet: true });
}

/** git gives every file the time of the checkout, so the contents decide: same packages at the same versions. */
function sameLock(marker, lock) {
  const installed = JSON.parse(readFileSync(marker, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || entry.peer || installed[path]?.version === entry.version,
  );
}

/** TypeScript and the page's bundle. */
export function build() {
  run(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
  run(process.execPath, ["esbuild.mjs"]);
}

/** The patched libllama and the addon (1 to 3 minutes the first time, then skipped). */
export function buildNative() {
  run(process.execPath, [join("out", "daemon", "native", "build.js")]);
}
