/** Finds the user's daemon, or starts one that outlives whoever asked. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "../client/error.ts";
import { findDaemon, type Lock } from "../store/lock.ts";
import { checkHome, makeFolders, type StorePaths } from "../store/paths.ts";

const START_MS = 30_000;
const LOG_BYTES = 5 * 1024 * 1024;

/** The process that a daemon is. */
export interface DaemonProgram {
  /** the Node that runs it */
  readonly node: string;
  /** the daemon's entry, a file */
  readonly entry: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface FoundDaemon {
  readonly lock: Lock;
  /** by this call */
  readonly started: boolean;
}

export function daemonLog(paths: StorePaths): string {
  return join(paths.home, "daemon.log");
}

/** @throws ClientError unreachable: it did not start; with the last line of its log */
export async function findOrStart(paths: StorePaths, program: DaemonProgram): Promise<FoundDaemon> {
  checkHome(paths.home);
  const running = await findDaemon(paths.lock);
  if (running !== null) return { lock: running, started: false };
  makeFolders(paths);
  const log = daemonLog(paths);
  const child = spawnDaemon(program, log, paths.home);
  let exit: number | null = null;
  child.on("exit", (code) => {
    exit = code ?? -1;
  });
  child.on("error", () => {
    exit = -1;
  });
  child.unref();
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const lock = await findDaemon(paths.lock);
    if (lock !== null) return { lock, started: lock.pid === child.pid };
    // One that lost a race against another's daemon ends, too: then that one's lock appears.
    if (exit !== null && exit !== 3) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ClientError("unreachable", `the daemon did not start${exit === null ? " in time" : ""}: ${lastLine(log)}`, {
    suggestion: `Its log is ${log}; \`tiller serve\` shows what it says.`,
  });
}

function spawnDaemon({ node, entry, env }: DaemonProgram, log: string, home: string): ChildProcess {
  rotate(log);
  const file = openSync(log, "a", 0o600);
  try {
    return spawn(node, [entry, "--port", "0", "--home", home], {
      cwd: home,
      detached: true,
      stdio: ["ignore", "ignore", file],
      windowsHide: true,
      ...(env === undefined ? {} : { env }),
    });
  } finally {
    closeSync(file);
  }
}

function rotate(log: string): void {
  try {
    if (statSync(log).size > LOG_BYTES) renameSync(log, `${log}.1`);
  } catch {
    // There is none yet.
  }
}

function lastLine(log: string): string {
  try {
    return readFileSync(log, "utf8").trimEnd().split("\n").at(-1) || "it said nothing";
  } catch {
    return "it left no log";
  }
}
