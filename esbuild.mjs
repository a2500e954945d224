/** Bundles the page to dist/webview. `--watch` rebuilds on change. */
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const source = join(root, "webview-ui");
const target = join(root, "dist", "webview");

mkdirSync(target, { recursive: true });
copyFileSync(join(source, "index.html"), join(target, "index.html"));

const options = {
  absWorkingDir: root,
  entryPoints: { main: join(source, "main.tsx"), style: join(source, "styles", "main.css") },
  outdir: target,
  bundle: true,
  format: "esm",
  target: ["es2023", "chrome120", "firefox121", "safari17"],
  minify: true,
  sourcemap: "linked",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  const watching = await context(options);
  await watching.watch();
} else {
  const { metafile } = await build(options);
  // The daemon validates what the page sends; a schema library here would triple the bundle.
  const zod = Object.keys(metafile.inputs).find((input) => input.includes("node_modules/zod/"));
  if (zod !== undefined) {
    console.error(`The page's bundle contains ${zod}; import types only from daemon/protocol.`);
    process.exit(1);
  }
}
