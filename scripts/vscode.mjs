/**
 * `npm run vscode`: a real VS Code for the host lane's tests, from npm's registry into a cache outside the repository:
 * TILLER_TEST_VSCODE, else ~/.cache/tiller-test-vscode. Its native parts are left out (install scripts do not run): without them
 * there are no terminals and no file search, which the tests do not use.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "./setup.mjs";

const { server, node } = JSON.parse(readFileSync(join(root, "scripts", "vscode.json"), "utf8"));
const CACHE = process.env.TILLER_TEST_VSCODE ?? join(homedir(), ".cache", "tiller-test-vscode");
const NPM = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];

const folder = join(CACHE, `${server}-node-${node}`);
if (existsSync(folder)) console.log(`${folder} is there.`);
else install();

function install() {
  mkdirSync(CACHE, { recursive: true });
  // Renamed when it is whole, so that what is there can be used.
  const scratch = mkdtempSync(join(CACHE, ".install-"));
  try {
    npm(["install", "--prefix", scratch, "--no-save", "--force", server, `node-${process.platform}-${process.arch}@${node}`], scratch);
    npm(["install", "--omit=dev"], join(scratch, "node_modules", "code-server", "lib", "vscode"));
    renameSync(scratch, folder);
    console.log(`${folder} is there.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function npm(args, cwd) {
  const done = spawnSync("npm", [...args, ...NPM], { cwd, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" });
  if (done.status === 0) return;
  console.error(`'npm ${args.join(" ")}' ended with ${done.status ?? done.signal}. Is the network there?`);
  process.exit(1);
}
