/**
 * `npm run dev [-- --port n]`: builds on every change, starts the daemon anew when its part changed, and the page loads itself
 * again. It has a home of its own (.cache/dev-home), so a daemon that is in use stays as it is.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { prepare, root } from "./setup.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "4780" }, home: { type: "string" } } });
const home = values.home ?? join(root, ".cache", "dev-home");
const processes = join(root, "dist", "daemon");

prepare();
const builder = spawn(process.execPath, [join(root, "esbuild.mjs"), "--watch"], { stdio: ["ignore", "inherit", "inherit"] });
let daemon = null;
let stopping = false;
let page = null;

function start() {
  daemon = spawn(process.execPath, [join(processes, "server", "main.js"), "--home", home, "--port", values.port], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: daemon.stdout }).once("line", (line) => say(JSON.parse(line)));
  daemon.once("exit", (code) => {
    if (stopping) return;
    daemon = null;
    if (code === null || code === 0) return start();
    console.error(`The daemon ended with ${code}; the next change starts it again.`);
  });
}

/** A token that outlives a daemon, so that the open page finds its way back. */
function say({ url }) {
  if (page !== null) return console.error("The daemon runs the new build.");
  const cli = [join(processes, "cli", "main.js"), "token", "create", "--name", "dev", "--scope", "admin", "--json"];
  const made = spawnSync(process.execPath, cli, { encoding: "utf8", env: { ...process.env, TILLER_HOME: home } });
  if (made.status !== 0) return console.error(made.stderr);
  page = `${url}/#token=${JSON.parse(made.stdout).token}`;
  console.error(`The page: ${page}`);
}

const buildId = () => (existsSync(join(processes, "build-id")) ? readFileSync(join(processes, "build-id"), "utf8") : null);
let running = buildId();
watch(processes, (_, name) => {
  const now = buildId();
  if (name !== "build-id" || now === null || now === running) return;
  running = now;
  if (daemon === null) start();
  else daemon.kill("SIGTERM");
});

for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    stopping = true;
    builder.kill();
    daemon?.once("exit", () => process.exit(0));
    if (daemon === null) process.exit(0);
    daemon.kill("SIGTERM");
  });
start();
