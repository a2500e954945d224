/**
 * Which Node runs the daemon. An ordinary one is preferred: the editor's own Node is Electron, whose memory cage refuses some of
 * what native addons may do. Electron as Node is the last resort.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DaemonProgram } from "../../daemon/client-node/find-or-start.ts";

export type NodeChoice = Pick<DaemonProgram, "node" | "env">;

/** @param setting the path that the user set; "": none */
export async function chooseNode(setting: string): Promise<NodeChoice> {
  if (setting !== "") return { node: setting };
  if (process.versions["electron"] === undefined && newEnough(process.versions.node)) return { node: process.execPath };
  const found = await versionOf("node");
  if (found !== null && newEnough(found)) return { node: "node" };
  return { node: process.execPath, env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } };
}

async function versionOf(node: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(node, ["--version"], { timeout: 10_000 });
    return stdout.trim().replace(/^v/, "");
  } catch {
    return null;
  }
}

/** The daemon's own minimum, `engines.node` of package.json. */
export function newEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 11);
}
