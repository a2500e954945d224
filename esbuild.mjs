/**
 * Bundles the page to dist/webview and the processes to dist/daemon. `--watch` rebuilds on change.
 *
 * The processes run bundled because of their start: node-llama-cpp and its dependencies are some 500 files, and finding and
 * reading them takes a quarter of a second, every time that a model is loaded.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const webview = join(root, "dist", "webview");
const daemon = join(root, "dist", "daemon");

const common = { absWorkingDir: root, bundle: true, format: "esm", sourcemap: "linked", metafile: true, logLevel: "warning" };

const page = {
  ...common,
  entryPoints: { main: join(root, "webview-ui", "main.tsx"), style: join(root, "webview-ui", "styles", "main.css") },
  outdir: webview,
  target: ["es2023", "chrome120", "firefox121", "safari17"],
  minify: true,
  legalComments: "none",
};

/** A package that finds files beside its own code (node-llama-cpp its native libraries) still finds them. */
const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes("import.meta.url")) return;
      // seen from dist/daemon/<folder>/<file>
      const place = relative(join(daemon, "chunks"), path).replaceAll("\\", "/");
      return { contents: text.replaceAll("import.meta.url", `new URL(${JSON.stringify(place)}, import.meta.url).href`), loader: "js" };
    });
  },
};

// Every file lies one folder deep, chunks too, as in out/, so that one process finds another's entry by the same relative path.
const processes = {
  ...common,
  entryPoints: ["cli/main", "server/main", "engine/main", "engine/download"].map((name) => join(root, "daemon", `${name}.ts`)),
  outbase: join(root, "daemon"),
  outdir: daemon,
  chunkNames: "chunks/[name]-[hash]",
  splitting: true,
  platform: "node",
  target: "node20",
  external: ["@node-llama-cpp/*", "@reflink/*", "bufferutil", "electron", "utf-8-validate"],
  // CommonJS packages call it
  banner: { js: 'import { createRequire as ownRequire } from "node:module"; const require = ownRequire(import.meta.url);' },
  plugins: [ownPlaces],
};

/** Inputs of an output file and of everything that it imports from the start. */
function inputsOf(metafile, output, seen = new Set()) {
  if (seen.has(output)) return [];
  seen.add(output);
  const { inputs, imports } = metafile.outputs[output];
  const next = imports.filter((one) => one.kind === "import-statement" && !one.external);
  return [...Object.keys(inputs), ...next.flatMap((one) => inputsOf(metafile, one.path, seen))];
}

function refuse(inputs, pattern, why) {
  const found = inputs.find((input) => pattern.test(input));
  if (found === undefined) return;
  console.error(`${found}: ${why}`);
  process.exit(1);
}

/** What a running daemon compares itself with, see daemon/store/build-id.ts; and the files of earlier builds go. */
function finish({ outputs }) {
  const files = new Set(Object.keys(outputs));
  const hash = createHash("sha256");
  for (const file of [...files].filter((name) => name.endsWith(".js")).sort()) hash.update(file).update(readFileSync(join(root, file)));
  writeFileSync(join(daemon, "build-id"), hash.digest("hex").slice(0, 16));
  const chunks = join(daemon, "chunks");
  for (const name of readdirSync(chunks)) if (!files.has(`dist/daemon/chunks/${name}`)) rmSync(join(chunks, name));
}

mkdirSync(webview, { recursive: true });
copyFileSync(join(root, "webview-ui", "index.html"), join(webview, "index.html"));

if (process.argv.includes("--watch")) {
  for (const options of [page, processes]) await (await context(options)).watch();
} else {
  const [ofPage, ofProcesses] = await Promise.all([build(page), build(processes)]);
  // The daemon validates what the page sends; a schema library here would triple the bundle.
  refuse(Object.keys(ofPage.metafile.inputs), /node_modules\/zod\//, "is in the page's bundle; import types only from daemon/protocol.");
  for (const name of ["cli/main", "server/main"])
    refuse(
      inputsOf(ofProcesses.metafile, `dist/daemon/${name}.js`),
      /node_modules\/node-llama-cpp\//,
      `is read by ${name}; native code belongs to the engines.`,
    );
  finish(ofProcesses.metafile);
}
