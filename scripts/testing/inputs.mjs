/**
 * Lanes that take minutes and whose result follows from few files run when those files changed: `passed.json` has, for each, the
 * hash of the inputs with which all of its tests passed. `npm test -- <lane>` always runs it, and keeps the hash when it passes.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup.mjs";

/** the shared test data, which not everyone has */
export const shared = process.env.TILLER_SHARED ?? join(root, "..", "shared");

const PASSED = join(root, "scripts", "testing", "passed.json");
/** what tools leave beside sources */
const LEFTOVERS = /^(?:\.venv.*|__pycache__|work|node_modules)$/;

/** Paths below the root, in one order everywhere. */
function filesOf(path) {
  const at = join(root, path);
  if (!existsSync(at)) return [];
  if (!statSync(at).isDirectory()) return [path];
  return readdirSync(at)
    .filter((name) => !LEFTOVERS.test(name))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`));
}

/**
 * @param inputs { files, except, packages, shared }: paths below the root, those of them that do not count, npm packages, paths below
 *   the shared test data's folder
 */
export function hashInputs({ files = [], except = [], packages = [], shared: data = [] }) {
  const hash = createHash("sha256").update(`unicode ${process.versions.unicode}\n`);
  const add = (name, bytes) => hash.update(`${name} ${createHash("sha256").update(bytes).digest("hex")}\n`);
  const counts = (path) => !except.some((other) => path === other || path.startsWith(`${other}/`));
  for (const path of files.flatMap(filesOf).filter(counts)) add(path, readFileSync(join(root, path)));
  const lock = packages.length === 0 ? null : JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  for (const name of packages) hash.update(`${name} ${lock.packages[`node_modules/${name}`].version}\n`);
  for (const path of data) add(`shared/${path}`, existsSync(join(shared, path)) ? readFileSync(join(shared, path)) : "absent");
  return hash.digest("hex");
}

function read() {
  return existsSync(PASSED) ? JSON.parse(readFileSync(PASSED, "utf8")) : {};
}

export function isUnchanged(lane) {
  return lane.inputs !== undefined && read()[lane.id] === hashInputs(lane.inputs);
}

export function keepPassed(lane) {
  const all = { ...read(), [lane.id]: hashInputs(lane.inputs) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(PASSED, `${JSON.stringify(sorted, null, 2)}\n`);
}
