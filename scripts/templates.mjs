/** `npm run templates`: chat templates compared with llama.cpp's own server; writes docs/templates.md and the test's reference. */
import { existsSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { prepare, root, run } from "./setup.mjs";

prepare();
const base = process.env.XDG_CACHE_HOME;
const cache = join(base ? base : tmpdir(), "tiller-bench");
mkdirSync(cache, { recursive: true });
const real = join(process.env.TILLER_TEST_MODELS ?? join(homedir(), ".cache", "tiller-test-models"), "SmolLM2-135M-Instruct.Q4_1.gguf");
const models = [join(root, "presets", "tiller-mini.gguf"), ...(existsSync(real) ? [real] : [])];
if (models.length === 1) console.error("Only the embedded model's vocabulary: `npm run models` fetches another one.");
run(process.execPath, [join(root, "out", "test", "templates", "main.js"), cache, ...models]);
