/** Where things lie on disk. Every path that is built from an id goes through `inside`, so nothing outside the store is reached. */
import { existsSync, mkdirSync, readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { TillerError } from "../protocol/errors.ts";

export interface StorePaths {
  /** $TILLER_HOME or ~/.tiller */
  readonly home: string;
  readonly config: string;
  readonly lock: string;
  /** the last start's port */
  readonly port: string;
  readonly tokens: string;
  /** what apps made, and the models that they may use */
  readonly grants: string;
  readonly registry: string;
  readonly modelCache: string;
  readonly threadCache: string;
  readonly downloads: string;
  /** chat templates of the user's own */
  readonly templates: string;
  readonly presets: string;
  readonly artifacts: string;
  readonly jobs: string;
  readonly evaluations: string;
  /** what the package brings: presets, artifacts/<kind>/<name>, tiller-*.gguf; read-only */
  readonly shipped: string;
  /** the page: index.html, main.js, style.css */
  readonly webview: string;
}

/** The package's own folder, found from this file upwards, so that it holds for emitted and bundled code alike. */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown }).name === "tiller") return folder;
    if (dirname(folder) === folder) throw new TillerError("internal", "the package's own folder was not found");
  }
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string }).version;
}

export function defaultHome(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.TILLER_HOME;
  return resolve(given !== undefined && given !== "" ? given : join(homedir(), ".tiller"));
}

/** Names only; creates nothing. */
export function storePaths(home: string = defaultHome(), root: string = packageRoot()): StorePaths {
  return {
    home,
    config: join(home, "config.json"),
    lock: join(home, "daemon.json"),
    port: join(home, "port"),
    tokens: join(home, "tokens.json"),
    grants: join(home, "grants.json"),
    registry: join(home, "models.json"),
    modelCache: join(home, "cache", "models.json"),
    threadCache: join(home, "cache", "threads.json"),
    downloads: join(home, "models"),
    templates: join(home, "templates"),
    presets: join(home, "presets"),
    artifacts: join(home, "artifacts"),
    jobs: join(home, "jobs"),
    evaluations: join(home, "evaluation"),
    shipped: join(root, "presets"),
    webview: join(root, "dist", "webview"),
  };
}

/** undefined: there is none, or none that can be looked at, which making the folders then says. */
function stats(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Others could put their own lock, settings or models into such a folder. @throws TillerError forbidden */
export function checkHome(home: string): void {
  const info = stats(home);
  if (info === undefined || process.getuid === undefined) return;
  const refuse = (why: string, suggestion: string): never => {
    throw new TillerError("forbidden", `the store's folder ${home} ${why}`, { field: "home", suggestion });
  };
  if (info.uid !== process.getuid()) refuse("belongs to another user", "Set TILLER_HOME to a folder of your own.");
  if ((info.mode & 0o002) !== 0) refuse("can be written by every user", `Run \`chmod 700 ${home}\`, or set TILLER_HOME to another folder.`);
}

/** Creates the folders, for this user alone. @throws TillerError forbidden, storage-failed */
export function makeFolders(paths: StorePaths): void {
  checkHome(paths.home);
  for (const folder of [
    paths.home,
    dirname(paths.modelCache),
    paths.downloads,
    paths.presets,
    paths.artifacts,
    paths.jobs,
    paths.evaluations,
  ]) {
    try {
      makeFolder(folder);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown";
      throw new TillerError("storage-failed", `the store's folder ${folder} cannot be made (${reason})`, {
        suggestion: "Set TILLER_HOME to a folder that you may write to.",
      });
    }
  }
}

/** With its parents. `mkdirSync`'s own recursion never ends where a parent exists and yet says ENOENT, as below /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * `root/…parts`, refused when it would lie outside `root`, by name or by a symbolic link anywhere on the way. The target need
 * not exist: then its nearest existing ancestor is checked.
 */
export function inside(root: string, ...parts: string[]): string {
  const target = resolve(root, ...parts);
  if (!contains(root, target)) throw leadsOut();
  if (!existsSync(root)) return target;
  let existing = target;
  while (!existsSync(existing)) existing = dirname(existing);
  if (contains(existing, root)) return target;
  if (!contains(realpathSync(root), realpathSync(existing))) throw leadsOut();
  return target;
}

function contains(root: string, target: string): boolean {
  const path = relative(root, target);
  return path === "" || (!isAbsolute(path) && path !== ".." && !path.startsWith(`..${sep}`));
}

function leadsOut(): TillerError {
  return new TillerError("forbidden", "the name leads out of the store");
}
