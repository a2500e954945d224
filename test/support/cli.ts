/** The `tiller` command as a user has it: the real binary, a home of its own, the daemon that it starts. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readLock } from "../../daemon/store/lock.ts";
import { makeHome, type TestHome } from "./daemon.ts";
import type { Wire } from "./rpc.ts";
import { REPOSITORY } from "./shared.ts";

export const TILLER = join(REPOSITORY, "bin", "tiller.mjs");

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly input?: string;
  /** standard input stays open for what is written to it later */
  readonly typed?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves when stdout (or stderr) matches; rejects when the process ended without. */
  until(pattern: RegExp, stream?: "out" | "err"): Promise<RegExpExecArray>;
}

export class Cli {
  readonly home: TestHome;

  constructor(home: TestHome = makeHome()) {
    this.home = home;
  }

  start(args: readonly string[], options: CliOptions = {}): RunningCli {
    return startProcess(process.execPath, [TILLER, ...args], this.#spawn(options));
  }

  /** With a shell around it, for limits, pipes and terminals; `"$TILLER"` is the command there. */
  shell(script: string, options: CliOptions = {}): RunningCli {
    const spawned = this.#spawn(options);
    return startProcess("bash", ["-c", `tiller() { "${process.execPath}" "${TILLER}" "$@"; }\n${script}`], spawned);
  }

  /** At a terminal, by util-linux's `script`; what is typed goes to `type`, everything comes in `out`, and `until` sees the text of it. */
  terminal(args: readonly string[], options: CliOptions = {}): RunningCli & { type(text: string): void } {
    const words = [process.execPath, TILLER, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols 100 rows 30; exec ${words.join(" ")}`;
    const running = startProcess("script", ["-qefc", command, "/dev/null"], { ...this.#spawn(options), typed: true });
    return { ...running, type: (text) => void running.process.stdin!.write(text) };
  }

  run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return this.start(args, options).ended;
  }

  /** The one JSON line that a command with --json prints when it succeeds. */
  async json(args: readonly string[], options: CliOptions = {}): Promise<Wire> {
    const result = await this.run([...args, "--json"], options);
    if (result.code !== 0) throw new Error(`tiller ${args.join(" ")}: exit ${result.code}\n${result.stdout}\n${result.stderr}`);
    return oneLine(result.stdout);
  }

  /** The error of a command that must fail: its object on stdout, the same sentence on stderr, its exit code. */
  async refused(args: readonly string[], options: CliOptions = {}): Promise<Wire> {
    const result = await this.run([...args, "--json"], options);
    if (result.code === 0) throw new Error(`tiller ${args.join(" ")} was not refused: ${result.stdout.slice(0, 500)}`);
    const { error } = oneLine(result.stdout);
    if (!result.stderr.includes(`tiller: ${error.message}`)) throw new Error(`stderr says something else: ${result.stderr}`);
    if (/^\s+at /m.test(result.stderr)) throw new Error(`a stack trace was printed: ${result.stderr}`);
    return { ...error, exit: result.code };
  }

  /** pid of the daemon of this home, null when there is none. */
  get daemonPid(): number | null {
    return readLock(this.home.paths.lock)?.pid ?? null;
  }

  /** Ends the daemon of this home, also one that hangs, and removes the home. */
  async dispose(): Promise<void> {
    if (existsSync(this.home.paths.lock)) await this.run(["stop"]);
    const pid = this.daemonPid;
    if (pid !== null) kill(pid);
    this.home.remove();
  }

  #spawn({ input, typed, env = {}, cwd }: CliOptions): SpawnOptions {
    return {
      env: { ...process.env, TILLER_HOME: this.home.paths.home, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(input === undefined ? {} : { input }),
      ...(typed === undefined ? {} : { typed }),
    };
  }
}

interface SpawnOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** standard input stays open for what is typed later */
  readonly typed?: boolean;
}

function startProcess(program: string, args: readonly string[], { env, cwd, input, typed }: SpawnOptions): RunningCli {
  const child = spawn(program, [...args], { env, cwd, stdio: [input === undefined && !typed ? "ignore" : "pipe", "pipe", "pipe"] });
  const text = { out: "", err: "" };
  const watchers = new Set<() => void>();
  const collect = (name: "out" | "err") => (chunk: string) => {
    text[name] += chunk;
    for (const watch of [...watchers]) watch();
  };
  child.stdout!.setEncoding("utf8").on("data", collect("out"));
  child.stderr!.setEncoding("utf8").on("data", collect("err"));
  let closed = false;
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      closed = true;
      for (const watch of [...watchers]) watch();
      resolve({ code, signal, stdout: text.out, stderr: text.err });
    });
  });
  if (input !== undefined) child.stdin!.on("error", () => undefined).end(input);
  return {
    process: child,
    ended,
    out: () => text.out,
    err: () => text.err,
    until: (pattern, stream = "out") =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const match = pattern.exec(typed ? shown(text[stream]) : text[stream]);
          if (match === null && !closed) return;
          watchers.delete(watch);
          if (match === null) reject(new Error(`ended without ${pattern}: ${text.out}\n${text.err}`));
          else resolve(match);
        };
        watchers.add(watch);
        watch();
      }),
  };
}

/** `script` gives a program a terminal; its options are those of Linux. */
export function hasTerminal(): boolean {
  return process.platform === "linux" && spawnSync("script", ["--version"], { stdio: "ignore" }).status === 0;
}

/** What a terminal shows, about: without moves of the cursor, one line end for what a terminal makes of it. */
function shown(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
  return text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, "").replace(/\r+\n/g, "\n");
}

/** Independent commands, a few at a time: most of a short command is the start of its process. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

function oneLine(stdout: string): Wire {
  const lines = stdout.split("\n");
  if (lines.length !== 2 || lines[1] !== "") throw new Error(`not one line of JSON: ${stdout.slice(0, 500)}`);
  return JSON.parse(lines[0]!);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
}
