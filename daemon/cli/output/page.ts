/** The page's address, and opening it without showing its code to other users. */
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The code opens the page once. It is in the fragment, which browsers send to nobody. */
export function pageUrl(url: string, code: string): string {
  return `${url}/#code=${code}`;
}

/**
 * Opens the page through a file that only this user can read: the arguments of the browser's process are visible to all.
 * @returns removes the file
 */
export function openPage(home: string, url: string, code: string): () => void {
  if (process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"]) return () => undefined;
  const file = join(home, "open.html");
  const remove = (): void => rmSync(file, { force: true });
  try {
    remove();
    const target = JSON.stringify(pageUrl(url, code));
    writeFileSync(file, `<!doctype html><meta charset="utf-8"><title>Tiller</title><script>location.replace(${target})</script>\n`, {
      mode: 0o600,
    });
    const [program, ...args] = opener(file);
    const child = spawn(program!, args, { stdio: "ignore", detached: true });
    // No browser: the address is printed anyway.
    child.on("error", () => undefined);
    child.unref();
  } catch {
    // The same.
  }
  return remove;
}

function opener(file: string): string[] {
  if (process.platform === "darwin") return ["open", file];
  return process.platform === "win32" ? ["cmd", "/c", "start", "", file] : ["xdg-open", file];
}
