/** A real daemon process on a fresh home, for tests that talk to it over a real socket. */
import assert from "node:assert/strict";
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { ModelStore, type StoredModel } from "../../daemon/store/models.ts";
import { makeFolders, type StorePaths, storePaths } from "../../daemon/store/paths.ts";
import { REPOSITORY } from "./shared.ts";

/**
 * Longest that the daemon may compute in one turn of its event loop, whatever clients and files hold: 50 ms is the bar, and what
 * attacks are held to is twice that, since the same turn takes up to twice the processor time while the other half of a core
 * (its hyper-thread) computes for somebody else.
 */
export const TURN_MS = 100;
/**
 * Of every other test: there, code runs for the first time and jobs judge texts beside other tests on busy cores, which share
 * their caches, and the same turn takes several times as long. Loading a judge still takes 0.15 to 0.4 s in one turn (`eld`, the encoder).
 */
const ANY_TURN_MS = 1000;
const MONITOR = pathToFileURL(join(REPOSITORY, "out", "test", "support", "loop-monitor.js")).href;
/** Beside the home, which tests look into; with the daemon's pid behind it, for a home may see several. */
const loopFile = (home: TestHome): string => `${home.paths.home}.loop`;

export const DAEMON_MAIN = join(REPOSITORY, "dist", "daemon", "server", "main.js");

export interface TestHome {
  readonly paths: StorePaths;
  remove(): void;
}

export function makeHome(config?: unknown): TestHome {
  const home = mkdtempSync(join(tmpdir(), "tiller-home-"));
  const paths = storePaths(home);
  makeFolders(paths);
  if (config !== undefined) writeFileSync(paths.config, JSON.stringify(config));
  return { paths, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Adds a model file to the home's registry, as the command line does. */
export function addModel(home: TestHome, path: string): Promise<StoredModel> {
  return new ModelStore(home.paths).add(path);
}

export interface DaemonExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class TestDaemon {
  readonly home: TestHome;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly process: ChildProcess;
  readonly exited: Promise<DaemonExit>;
  /** longest turn of the event loop that is no fault, in milliseconds; a test of a flood of requests may take more */
  turnMs = ANY_TURN_MS;
  readonly #stderr: () => string;
  /** reading its own code takes longer than any turn afterwards may */
  readonly #ready = Date.now();

  constructor(
    home: TestHome,
    hello: { url: string; token: string; pid: number },
    process: ChildProcess,
    exited: Promise<DaemonExit>,
    stderr: () => string,
  ) {
    this.home = home;
    this.url = hello.url;
    this.token = hello.token;
    this.pid = hello.pid;
    this.process = process;
    this.exited = exited;
    this.#stderr = stderr;
  }

  get log(): string {
    return this.#stderr();
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, ...(init.headers as Record<string, string> | undefined) };
    return fetch(`${this.url}${path}`, { ...init, headers });
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }

  /** Turns of the event loop since it was up that took too long, as the monitor wrote them down. */
  longTurns(): string[] {
    const file = `${loopFile(this.home)}${this.pid}`;
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    rmSync(file, { force: true });
    return lines.filter((line) => {
      const [at, spent] = line.split(" ").map(Number);
      return at! - spent! > this.#ready && spent! > this.turnMs;
    });
  }

  /** Ends it by SIGTERM. */
  async stop(): Promise<DaemonExit> {
    this.process.kill("SIGTERM");
    return this.exited;
  }

  /** Whether or not it still runs; for `after`. */
  async dispose(): Promise<void> {
    const timer = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
    await this.stop();
    clearTimeout(timer);
    const long = this.longTurns();
    this.home.remove();
    assert.deepEqual(long, [], `the daemon computed for more than ${this.turnMs} ms without a turn of its event loop`);
  }
}

export interface DaemonRun {
  readonly firstLine: Promise<string | null>;
  readonly exited: Promise<DaemonExit>;
  readonly process: ChildProcess;
  stderr(): string;
}

/** Starts the process and reads its first line; null when it ended without one. */
export function runDaemon(home: TestHome, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): DaemonRun {
  const options = {
    stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
    env: { ...process.env, TILLER_TEST_LOOP: loopFile(home), ...env },
  };
  return followed(spawn(process.execPath, ["--import", MONITOR, DAEMON_MAIN, "--home", home.paths.home, ...args], options));
}

function followed(child: ChildProcessByStdio<null, Readable, Readable>): DaemonRun {
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<DaemonExit>((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  const firstLine = new Promise<string | null>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      const end = stdout.indexOf("\n");
      if (end >= 0) resolve(stdout.slice(0, end));
    });
    exited.then(() => resolve(null));
  });
  return { firstLine, exited, process: child, stderr: () => stderr };
}

export interface DaemonSetup {
  readonly config?: unknown;
  readonly home?: TestHome;
  readonly env?: NodeJS.ProcessEnv;
  readonly args?: readonly string[];
}

export async function startTestDaemon(setup: DaemonSetup = {}): Promise<TestDaemon> {
  const home = setup.home ?? makeHome(setup.config);
  return begun(home, runDaemon(home, setup.args, setup.env));
}

/** A limit on file size makes a write fail half way, as a full disk does. 200 blocks are 100 or 200 kB. */
export function startLimited(home: TestHome): Promise<TestDaemon> {
  const command = `ulimit -f 200; exec "${process.execPath}" "${DAEMON_MAIN}" --home "${home.paths.home}"`;
  return begun(home, followed(spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] })));
}

async function begun(home: TestHome, run: DaemonRun): Promise<TestDaemon> {
  const line = await run.firstLine;
  if (line === null) throw new Error(`the daemon did not start: ${run.stderr()}`);
  return new TestDaemon(home, JSON.parse(line), run.process, run.exited, run.stderr);
}

/** Children of the daemon, newest last. */
export function childrenOf(pid: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return new RegExp(`^PPid:\\s+${pid}$`, "m").test(readFileSync(`/proc/${name}/status`, "utf8"));
      } catch {
        return false;
      }
    })
    .map(Number)
    .sort((a, b) => a - b);
}
