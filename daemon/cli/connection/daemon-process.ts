/** Finds the user's daemon, or starts one that outlives this command. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { ClientError } from "../../client/error.ts";
import { findDaemon, type Lock, lockUrl } from "../../store/lock.ts";
import { checkHome, makeFolders, type StorePaths } from "../../store/paths.ts";
import { DAEMON_MAIN } from "../entries.ts";
import type { Output } from "../output/output.ts";

const START_MS = 30_000;
const LOG_BYTES = 5 * 1024 * 1024;

export async function findOrStartDaemon(paths: StorePaths, output: Output): Promise<Lock> {
  checkHome(paths.home);
  const running = await findDaemon(paths.lock);
  if (running !== null) return running;
  makeFolders(paths);
  const log = join(paths.home, "daemon.log");
  const child = spawnDaemon(log, paths.home);
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
    if (lock !== null) {
      output.note(`tiller: started the daemon (pid ${lock.pid}) at ${lockUrl(lock)}; it stays until \`tiller stop\`, its log is ${log}`);
      return lock;
    }
    // One that lost a race against another command's daemon ends, too: then that one's lock appears.
    if (exit !== null && exit !== 3) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new ClientError("unreachable", `the daemon did not start${exit === null ? " in time" : ""}: ${lastLine(log)}`, {
    suggestion: `Its log is ${log}; \`tiller serve\` shows what it says.`,
  });
}

function spawnDaemon(log: string, home: string): ReturnType<typeof spawn> {
  rotate(log);
  const file = openSync(log, "a", 0o600);
  try {
    return spawn(process.execPath, [DAEMON_MAIN, "--port", "0", "--home", home], {
      cwd: home,
      detached: true,
      stdio: ["ignore", "ignore", file],
      windowsHide: true,
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
