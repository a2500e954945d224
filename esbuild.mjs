/**
 * Bundles the page to dist/webview, the processes to dist/daemon, and the VS Code extension to dist/extension. `--watch` rebuilds on change.
 *
 * The processes run bundled because of their start: node-llama-cpp and its dependencies are some 500 files, and finding and
 * reading them takes 0.17 s more than one file does, every time that a model is loaded.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";
import { writeNotices } from "./scripts/notices.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const webview = join(root, "dist", "webview");
const daemon = join(root, "dist", "daemon");

const common = { absWorkingDir: root, bundle: true, format: "esm", sourcemap: "linked", metafile: true, logLevel: "warning" };

const page = {
  ...common,
  entryPoints: {
    main: join(root, "webview-ui", "main.tsx"),
    panel: join(root, "webview-ui", "preset-panel", "main.tsx"),
    style: join(root, "webview-ui", "styles", "main.css"),
  },
  outdir: webview,
  target: ["es2023", "chrome120", "firefox121", "safari17"],
  minify: true,
  legalComments: "none",
};

/** Parts of the page that it loads when they are first needed: what draws charts, reads Markdown, colours code, sets formulas. */
const parts = Object.entries({
  charts: ["reports", "charts"],
  markdown: ["rendered", "markdown"],
  code: ["rendered", "code"],
  math: ["rendered", "math"],
}).map(([name, folder]) => ({ ...page, entryPoints: { [name]: join(root, "webview-ui", ...folder, "main.ts") } }));

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
  entryPoints: ["cli/main", "server/main", "engine/main", "engine/download", "store/read-header"].map((name) =>
    join(root, "daemon", `${name}.ts`),
  ),
  outbase: join(root, "daemon"),
  outdir: daemon,
  chunkNames: "chunks/[name]-[hash]",
  splitting: true,
  platform: "node",
  target: "node20",
  external: ["@node-llama-cpp/*", "@reflink/*", "bufferutil", "electron", "utf-8-validate"],
  // CommonJS packages call it
  banner: { js: 'import { createRequire as ownRequire } from "node:module"; const require = ownRequire(import.meta.url);' },
};

/** The editor loads it as it loads any module; `vscode` is the editor's own. */
const extension = {
  ...common,
  entryPoints: { main: join(root, "extension", "main.ts") },
  outdir: join(root, "dist", "extension"),
  platform: "node",
  target: "node20",
  external: ["vscode", "bufferutil", "utf-8-validate"],
  banner: processes.banner,
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
  console.error(`${found} ${why}`);
  process.exitCode = 1;
}

function checkPage({ metafile }) {
  refuse(
    Object.keys(metafile.inputs),
    /node_modules\/(vega|micromark|mdast|katex|lowlight|highlight\.js)/,
    "is in the page's bundle; it belongs to a part that has one of its own.",
  );
  // The daemon validates what the page sends; a schema library here would triple the bundle.
  refuse(Object.keys(metafile.inputs), /node_modules\/zod\//, "is in the page's bundle; import types only from daemon/protocol.");
}

function checkProcesses({ metafile }) {
  for (const name of ["cli/main", "server/main"])
    refuse(
      inputsOf(metafile, `dist/daemon/${name}.js`),
      /node_modules\/node-llama-cpp\//,
      `is read by ${name}; native code belongs to the engines.`,
    );
}

function checkExtension({ metafile }) {
  const inputs = Object.keys(metafile.inputs);
  refuse(
    inputs,
    /node_modules\/node-llama-cpp\/|^daemon\/(server|engine|evaluate)\//,
    "is in the extension; it talks to the daemon, and is none.",
  );
}

/** Each file whole or not at all, and untouched where it stays as it is: a daemon or a command may be reading it. */
function write(files) {
  for (const { path, contents } of files) {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path) && contents.equals(readFileSync(path))) {
      utimesSync(path, new Date(), new Date());
      continue;
    }
    writeFileSync(`${path}.new`, contents);
    renameSync(`${path}.new`, path);
  }
}

const DAY_MS = 86_400_000;

/** What a running daemon compares itself with (daemon/store/build-id.ts). Parts of a build of long ago go; one of today may run. */
function mark({ outputFiles }) {
  const scripts = outputFiles.filter(({ path }) => path.endsWith(".js")).sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash("sha256");
  for (const { path, contents } of scripts) hash.update(basename(path)).update(contents);
  const id = join(daemon, "build-id");
  const contents = Buffer.from(hash.digest("hex").slice(0, 16));
  // what Node 22 and later keep of the code that was compiled, see bin/tiller.mjs
  if (!existsSync(id) || !contents.equals(readFileSync(id))) rmSync(join(root, "dist", "cache"), { recursive: true, force: true });
  write([{ path: id, contents }]);
  const chunks = join(daemon, "chunks");
  for (const name of readdirSync(chunks)) {
    if (Date.now() - statSync(join(chunks, name)).mtimeMs > DAY_MS) rmSync(join(chunks, name));
  }
}

/** @param steps what is done with each result that has no errors */
function finish(...steps) {
  return {
    name: "finish",
    setup: ({ onEnd }) =>
      onEnd((result) => {
        if (result.errors.length === 0) for (const step of steps) step(result);
      }),
  };
}

const save = ({ outputFiles }) => write(outputFiles.map(({ path, contents }) => ({ path, contents: Buffer.from(contents) })));
/** `--watch`: the page looks each second whether another one was built. */
const RELOAD = `;(() => { let seen; setInterval(async () => { try { const files = await Promise.all(["main.js", "style.css"].map(async (file) => (await fetch(file, { cache: "no-store" })).text())); const now = files.join(""); if (seen !== undefined && now !== seen) location.reload(); seen = now; } catch {} }, 1000); })();`;
const watching = process.argv.includes("--watch");
const builds = [
  { ...page, ...(watching ? { footer: { js: RELOAD } } : {}), write: false, plugins: [finish(checkPage, save)] },
  ...parts.map((part) => ({ ...part, write: false, plugins: [finish(save)] })),
  { ...extension, write: false, plugins: [finish(checkExtension, save)] },
  { ...processes, write: false, plugins: [ownPlaces, finish(checkProcesses, save, mark)] },
];

write([{ path: join(webview, "index.html"), contents: readFileSync(join(root, "webview-ui", "index.html")) }]);
if (watching) for (const options of builds) await (await context(options)).watch();
else {
  const results = await Promise.all(builds.map((options) => build(options)));
  writeNotices(results.map(({ metafile }) => metafile));
}
