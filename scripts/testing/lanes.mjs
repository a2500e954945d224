/**
 * What `npm test` runs, in this order. A lane is a `command`, mocha's `files` or `python` modules, and:
 *
 * - `quick`: true, or the files that `npm test -- quick` takes;
 * - `alone`: its files run one at a time with all cores, for models on several threads; else two or more at a time, a core for each;
 * - `browser`: one Chromium is started for it;
 * - `named`: it runs only when it is named;
 * - `package`: it drives the packaged extension, which is made first;
 * - `inputs`: it runs when these changed since it passed (inputs.mjs), or when it is named.
 */
export const LANES = [
  {
    id: "check",
    title: "formatting, lint and import directions",
    command: ["node_modules/@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "."],
    quick: true,
  },
  { id: "unit", title: "pure parts", files: "out/test/unit/**/*.test.js", quick: true },
  {
    id: "corpora",
    title: "the judges over whole corpora",
    files: "out/test/corpora/**/*.test.js",
    inputs: {
      files: [
        "daemon/evaluate/judges",
        "daemon/formats/float.ts",
        "daemon/formats/safetensors.ts",
        "presets/judges",
        "test/corpora",
        "test/support/corpora.ts",
        "training/judges/data",
      ],
      packages: ["eld"],
      shared: ["data/MANIFEST.tsv"],
    },
  },
  { id: "native", title: "the decoder under sanitizers, without warnings", files: "out/test/native/**/*.test.js", alone: true },
  {
    id: "engine",
    title: "the native core and the engine on real models",
    files: "out/test/engine/**/*.test.js",
    alone: true,
    quick: ["out/test/engine/engine-steering.test.js", "out/test/engine/native-sampling.test.js"],
  },
  {
    id: "daemon",
    title: "the daemon on a real socket",
    files: "out/test/daemon/**/*.test.js",
    quick: ["out/test/daemon/answers.test.js", "out/test/daemon/handshake.test.js"],
  },
  { id: "cli", title: "the command line", files: "out/test/cli/**/*.test.js", quick: ["out/test/cli/run.test.js"] },
  { id: "clients", title: "the starts in docs/clients, with the clients themselves", files: "out/test/clients/**/*.test.js" },
  {
    id: "soak",
    title: "32 clients while engines die, stop and go (3 minutes; TILLER_SOAK_MINUTES=60)",
    files: "out/test/soak/**/*.test.js",
    alone: true,
  },
  { id: "real", title: "two real models, as a user has them", files: "out/test/real/**/*.test.js" },
  {
    id: "e2e",
    title: "the page in Chromium",
    files: "out/test/e2e/**/*.test.js",
    browser: true,
    quick: ["out/test/e2e/chat.test.js"],
  },
  { id: "host", title: "the extension in a real VS Code", files: "out/test/host/**/*.test.js", alone: true, browser: true, package: true },
  {
    id: "architectures",
    title: "what is offered of every architecture, beside transformers (weekly, and on request)",
    files: "out/test/architectures/**/*.test.js",
    named: true,
    alone: true,
  },
  {
    id: "card",
    title: "the embedded model's training data and card",
    python: ["test_training", "test_archive", "test_figures", "test_card"],
    inputs: {
      files: ["training", "presets/tiller-mini.gguf", "presets/tiller-mini.md"],
      except: ["training/architectures", "training/requirements-architectures.txt"],
      packages: ["node-llama-cpp"],
      shared: ["data/MANIFEST.tsv"],
    },
  },
];
