/** `tiller serve`: the daemon in the foreground. */
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import type { RunningDaemon } from "../../server/daemon.ts";
import { type Log, stderrLog } from "../../server/log.ts";
import { buildId } from "../../store/build-id.ts";
import { findDaemon } from "../../store/lock.ts";
import { action, command } from "../action.ts";
import { integer } from "../arguments/arguments.ts";
import type { Session } from "../connection/session.ts";
import { openPage, pageUrl } from "../output/page.ts";

interface Options {
  readonly port: number;
  readonly host: string;
  readonly allowRemote?: boolean;
  readonly open?: boolean;
}

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

export function addServe(program: Command): void {
  command(program, "serve", "run the daemon here, until Ctrl-C; the first line with --json is {url, token, pid}")
    .option("--port <n>", "port; 0 takes a free one", integer("--port", 0, 65535), 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--allow-remote", "needed with an address that other machines can reach; nothing is encrypted")
    .option("--open", "open the page in the browser, and load the default model for it")
    .action(action<Options>(serve));
}

async function serve(session: Session, _args: readonly string[], options: Options): Promise<void> {
  const { output, paths } = session;
  if (!LOOPBACK.has(options.host) && options.allowRemote !== true) {
    throw new TillerError("forbidden", `--host ${options.host}: other machines could connect, and nothing is encrypted`, {
      field: "host",
      suggestion: "Leave it out, or add --allow-remote if that is what you want.",
    });
  }
  if (!LOOPBACK.has(options.host))
    output.note(
      `tiller: WARNING: other machines can connect to ${options.host}, and nothing is encrypted: who listens on the way reads tokens and texts. Put a tunnel with TLS in front, and stop it when it is not needed.`,
    );
  const log = stderrLog();
  const daemon = await start(session, options, log);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void daemon.stop(signal));
  // One broken request must not end the service for all. What it was is logged by its place, never by its content.
  for (const kind of ["unhandledRejection", "uncaughtException"] as const)
    process.on(kind, (error) => log.error(`${kind}: ${placeOf(error)}`));
  const { url, token } = daemon;
  // Whoever opens the page is about to talk to the default model.
  if (options.open === true) void daemon.warm();
  const close = options.open === true ? openPage(paths.home, url, daemon.pageCode()) : () => undefined;
  await output.result({ url, token, pid: process.pid }, () => greeting(daemon));
  await daemon.stopped;
  close();
  // Whatever a request left behind must not keep a stopped daemon alive.
  setTimeout(() => process.exit(0), 1000).unref();
}

/** What is no terminal keeps what it is told: the log of a service is no place for what opens the page. */
function greeting({ url, pageCode }: RunningDaemon): string {
  const page = process.stdout.isTTY ? `${pageUrl(url, pageCode())} (opens once)` : `${url} (\`tiller status --page\` prints what opens it)`;
  return `Tiller runs. Its page: ${page}\nCtrl-C stops it.`;
}

async function start({ paths }: Session, { host, port }: Options, log: Log): Promise<RunningDaemon> {
  // Loaded here, so that no other command waits for it.
  const { startDaemon } = await import("../../server/daemon.ts");
  try {
    return await startDaemon({ host: host === "localhost" ? "127.0.0.1" : host, port, home: paths.home, log });
  } catch (error) {
    const running = error instanceof TillerError && error.code === "conflict" ? await findDaemon(paths.lock) : null;
    if (running === null) throw error;
    const stale = running.build !== buildId();
    throw new TillerError("conflict", (error as TillerError).message, {
      suggestion: `${stale ? "It is of another build than this command. " : ""}Use that one (\`tiller status --page\` prints the address of its page), or end it with \`tiller stop\`.`,
    });
  }
}

function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => line.trimStart().startsWith("at "));
  return [error.name, ...frames.slice(0, 6).map((frame) => frame.trim())].join(" ");
}
