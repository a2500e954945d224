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

/** @param out where the file goes; what is there is replaced */
export function packageExtension(out = join(root, "dist", `tiller-${TARGET}.vsix`)) {
  prepare();
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
  return out;
}

function run(args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  console.error(`${stdout}${stderr}\n'${args.join(" ")}' ended with ${status}.`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) {
  const file = packageExtension(process.argv[2]);
  console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
