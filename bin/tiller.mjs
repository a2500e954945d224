#!/usr/bin/env node
/** The `tiller` command; it needs the bundle, which `npm run build` makes. */
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const main = new URL("../dist/daemon/cli/main.js", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`tiller: Node 20.11 or newer is needed, this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error("tiller: not built yet.\n  Run `npm start` (or `npm install && npm run build`) in the package's folder first.");
  process.exitCode = 1;
} else {
  // Node 22 and later keep compiled code, a fifth of an engine's start; processes that this one starts inherit it.
  // In a folder of this installation: who may write there may as well change the code itself.
  const cache = module.enableCompileCache?.(fileURLToPath(new URL("../dist/cache", import.meta.url))).directory;
  if (cache !== undefined) process.env.NODE_COMPILE_CACHE = cache;
  await import(main.href);
}
