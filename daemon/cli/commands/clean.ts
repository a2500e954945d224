/** `tiller clean`: what can be deleted without loss, or with --everything the whole store; nothing is deleted without --yes. */
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import { findDaemon, readLock } from "../../store/lock.ts";
import type { StorePaths } from "../../store/paths.ts";
import { action, command } from "../action.ts";
import { bytes, table } from "../output/output.ts";

interface Options {
  readonly yes?: boolean;
  readonly everything?: boolean;
}

interface Item {
  readonly path: string;
  readonly what: string;
}

const LEFTOVER = /^\..+\.(tmp|stale)$/;

export function addClean(program: Command): void {
  command(program, "clean", "show what can be deleted (logs, caches, left-overs); --yes deletes it")
    .option("--everything", "the whole store: downloaded models, your own presets and directions, tokens, jobs")
    .option("--yes", "delete it")
    .action(
      action<Options>(async (session, _args, options) => {
        const { paths } = session;
        const running = await findDaemon(paths.lock);
        if (running !== null && options.yes === true) {
          throw new TillerError("conflict", `a daemon runs (pid ${running.pid}), and it uses these files`, {
            suggestion: "End it first with `tiller stop`.",
          });
        }
        const items = (options.everything === true ? everything(paths) : leftovers(paths, running !== null)).map(({ path, what }) => ({
          path,
          what,
          bytes: sizeOf(path),
        }));
        if (options.yes === true) for (const { path } of items) rmSync(path, { recursive: true, force: true });
        const total = items.reduce((sum, item) => sum + item.bytes, 0);
        await session.output.result({ deleted: options.yes === true, home: paths.home, items, bytes: total }, () => {
          if (items.length === 0) return "There is nothing to delete.";
          const rows = items.map((item) => [relative(paths.home, item.path), bytes(item.bytes), item.what]);
          return `${paths.home}:\n${table(rows)}\n${options.yes === true ? "Deleted" : "With --yes this is deleted"}: ${bytes(total)}.`;
        });
      }),
    );
}

/** Each of them is made again when it is needed. */
function leftovers(paths: StorePaths, running: boolean): Item[] {
  const names = list(paths.home);
  return [
    ...names.filter((name) => /^daemon\.log(\.\d+)?$/.test(name)).map((name) => ({ path: join(paths.home, name), what: "log" })),
    ...names.filter((name) => LEFTOVER.test(name)).map((name) => ({ path: join(paths.home, name), what: "left over from a crash" })),
    ...list(paths.downloads)
      .filter((name) => name.endsWith(".ipull") || name.endsWith(".part") || LEFTOVER.test(name))
      .map((name) => ({ path: join(paths.downloads, name), what: "unfinished download" })),
    ...(list(join(paths.home, "cache")).length > 0 ? [{ path: join(paths.home, "cache"), what: "cache" }] : []),
    ...(names.includes("open.html") && !running ? [{ path: join(paths.home, "open.html"), what: "left over" }] : []),
    ...(names.includes("daemon.json") && !running && readLock(paths.lock) !== null
      ? [{ path: paths.lock, what: "lock of a daemon that is gone" }]
      : []),
  ];
}

/** By name: a home that was set to a folder with other things in it keeps them. */
function everything(paths: StorePaths): Item[] {
  const known: Item[] = [
    { path: paths.downloads, what: "downloaded models" },
    { path: paths.registry, what: "which model files you added (the files stay)" },
    { path: paths.presets, what: "your own presets" },
    { path: paths.artifacts, what: "your own directions" },
    { path: paths.jobs, what: "jobs" },
    { path: paths.tokens, what: "tokens of other apps" },
    { path: paths.port, what: "the port of the last start" },
    { path: paths.config, what: "settings" },
  ];
  const present = new Set(list(paths.home));
  return [...leftovers(paths, false), ...known.filter(({ path }) => present.has(relative(paths.home, path)))];
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sizeOf(path: string): number {
  const stat = lstatSync(path);
  return stat.isDirectory() ? list(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stat.size;
}
