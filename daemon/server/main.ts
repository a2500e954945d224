/** The daemon's process: `main.js [--port n] [--host h --allow-remote] [--home dir]`. Prints one JSON line, logs to stderr. */
import { parseArgs } from "node:util";
import { TillerError } from "../protocol/errors.ts";
import { defaultHome } from "../store/paths.ts";
import { startDaemon } from "./daemon.ts";
import { scrub, stderrLog } from "./log.ts";

/** Exit codes: 0 stopped as asked, 1 failed, 2 wrong arguments, 3 another daemon runs or the port is taken. */
const EXIT = { failed: 1, arguments: 2, conflict: 3 } as const;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

function readArguments(): { host: string; port: number; home: string } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      home: { type: "string" },
      json: { type: "boolean" },
      "allow-remote": { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65535)
    throw new TillerError("invalid-params", "--port: must be a number from 0 to 65535", { field: "port" });
  if (!LOOPBACK.has(values.host) && !values["allow-remote"]) {
    throw new TillerError("forbidden", `--host ${values.host}: other machines could connect, and nothing is encrypted`, {
      field: "host",
      suggestion: "Leave it out, or add --allow-remote if that is what you want.",
    });
  }
  return { host: values.host === "localhost" ? "127.0.0.1" : values.host, port, home: values.home ?? defaultHome() };
}

async function main(): Promise<void> {
  const log = stderrLog();
  // One broken request must not end the service for all; what it was is logged by place, never by content.
  process.on("unhandledRejection", (error) => log.error(`unhandled: ${placeOf(error)}`));
  process.on("uncaughtException", (error) => log.error(`uncaught: ${placeOf(error)}`));
  // A reader of the first line may be gone; that is no reason to end.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const options = readArguments();
  if (!LOOPBACK.has(options.host)) log.warn(`other machines can connect to ${options.host}, and nothing is encrypted`);
  const daemon = await startDaemon({ ...options, log });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void daemon.stop(signal));
  process.stdout.write(`${JSON.stringify({ url: daemon.url, token: daemon.token, pid: process.pid })}\n`);
  await daemon.stopped;
  process.exit(0);
}

function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => line.trimStart().startsWith("at "))
    .slice(0, 6);
  return `${error.name} ${frames.map((frame) => frame.trim()).join(" ")}`;
}

main().catch((error: unknown) => {
  const problem = TillerError.from(error);
  const known = error instanceof TillerError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${scrub(problem.message)}${problem.detail.suggestion === undefined ? "" : `. ${problem.detail.suggestion}`}\n`);
  if (!known) process.stderr.write(`${placeOf(error)}\n`);
  const argument = !(error instanceof TillerError) || ["invalid-params", "forbidden"].includes(problem.code);
  process.exit(problem.code === "conflict" ? EXIT.conflict : known && argument ? EXIT.arguments : EXIT.failed);
});
