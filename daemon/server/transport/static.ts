/** The page: a few known files, read by their full names; there is no way to name another one. */
import { readFile, stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/main.js": ["main.js", "text/javascript; charset=utf-8"],
  "/charts.js": ["charts.js", "text/javascript; charset=utf-8"],
  "/markdown.js": ["markdown.js", "text/javascript; charset=utf-8"],
  "/code.js": ["code.js", "text/javascript; charset=utf-8"],
  "/math.js": ["math.js", "text/javascript; charset=utf-8"],
  "/style.css": ["style.css", "text/css; charset=utf-8"],
};

const NOT_BUILT =
  "<!doctype html><meta charset=utf-8><title>Tiller</title><p>The page is not built. Run <code>npm start</code>, or <code>npm run build</code>.";

/** `connect-src` names the WebSocket too: not every browser counts it as 'self'. */
function contentPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function isPagePath(path: string): boolean {
  return Object.hasOwn(FILES, path);
}

/** @param host the Host header, which auth has found to be one of ours */
export async function servePage(folder: string, path: string, host: string, response: ServerResponse, bodyWanted: boolean): Promise<void> {
  const [file, type] = FILES[path]!;
  const full = join(folder, file);
  const body = (await stat(full).catch(() => null))?.isFile() ? await readFile(full) : null;
  response.writeHead(body === null ? (path === "/" ? 503 : 404) : 200, {
    "content-type": type,
    "content-security-policy": contentPolicy(host),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
  });
  response.end(bodyWanted ? (body ?? (path === "/" ? NOT_BUILT : "")) : undefined);
}
