/** A real VS Code: its server with the packaged extension installed, on data folders of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "./shared.ts";

/** What the summary of `npm test` says without it. */
export const INSTALL_VSCODE = "needs a VS Code: npm run vscode";

const { server, node } = JSON.parse(readFileSync(join(REPOSITORY, "scripts", "vscode.json"), "utf8")) as Record<string, string>;

interface Install {
  readonly node: string;
  readonly main: string;
}

/** null: it is not installed */
export function findVsCode(): Install | null {
  const cache = process.env["TILLER_TEST_VSCODE"] ?? join(homedir(), ".cache", "tiller-test-vscode");
  const modules = join(cache, `${server}-node-${node}`, "node_modules");
  if (!existsSync(modules)) return null;
  return {
    node: join(modules, `node-${process.platform}-${process.arch}`, "bin", "node"),
    main: join(modules, "code-server", "lib", "vscode", "out", "server-main.js"),
  };
}

export class VsCode {
  readonly url: string;
  readonly process: ChildProcess;
  readonly folder: string;
  /** of the user's daemon */
  readonly home: string;
  readonly workspace: string;

  constructor(url: string, process: ChildProcess, folder: string) {
    this.url = url;
    this.process = process;
    this.folder = folder;
    this.home = join(folder, "tiller");
    this.workspace = join(folder, "workspace");
  }

  /** The address of a window on the workspace, or on another folder. */
  windowUrl(folder = this.workspace): string {
    return `${this.url}/?folder=${encodeURIComponent(folder)}`;
  }

  /** The address of a window whose extension host runs the suites of `tests`, a file of the extension in `folder`. */
  testsUrl(folder: string, tests: string): string {
    const remote = (path: string): string => `vscode-remote://${new URL(this.url).host}${path}`;
    const payload = [
      ["extensionDevelopmentPath", remote(folder)],
      ["extensionTestsPath", remote(tests)],
    ];
    return `${this.windowUrl()}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  }

  /** The user's settings; the editor follows the file. */
  settings(values: Record<string, unknown>): void {
    writeSettings(this.folder, values);
  }

  async dispose(): Promise<void> {
    const gone = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.kill("SIGTERM");
    await gone;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "chat.commandCenter.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
};

function writeSettings(folder: string, values: Record<string, unknown>): void {
  const user = join(folder, "data", "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...SETTINGS, ...values }, null, 2));
}

/** @param extension the packaged extension, a file */
export async function startVsCode(install: Install, extension: string, settings: Record<string, unknown> = {}): Promise<VsCode> {
  const folder = mkdtempSync(join(tmpdir(), "tiller-vscode-"));
  for (const name of ["tiller", "workspace"]) mkdirSync(join(folder, name));
  writeSettings(folder, settings);
  const data = ["--server-data-dir", join(folder, "data"), "--extensions-dir", join(folder, "extensions")];
  const done = spawnSync(install.node, [install.main, "--install-extension", extension, "--force", ...data], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`the extension was not installed: ${done.stdout}${done.stderr}`);
  const child = spawn(
    install.node,
    [
      install.main,
      ...["--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--accept-server-license-terms"],
      ...["--telemetry-level", "off"],
      ...data,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TILLER_HOME: join(folder, "tiller") } },
  );
  return new VsCode(`http://127.0.0.1:${await portOf(child)}`, child, folder);
}

function portOf(child: ChildProcess): Promise<number> {
  let said = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    child.on("exit", (code) => reject(new Error(`VS Code's server ended with ${code}: ${said}`)));
  });
}
