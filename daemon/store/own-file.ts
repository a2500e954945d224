/** A model's file as a person names it: the whole path, `~` for the home, quotes as a file manager copies them. */
import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TillerError } from "../protocol/errors.ts";

/** @returns the path of a file that is there. @throws TillerError invalid-params, not-found, bad-model-file, storage-failed */
export function ownFile(text: string): string {
  const path = spelled(text);
  if (!isAbsolute(path))
    throw new TillerError("invalid-params", `path: '${text}' is not a whole path`, {
      field: "path",
      suggestion: "Give it from the root on, such as /home/me/models/model.gguf.",
    });
  return presentFile(path);
}

/** @param path whole, or seen from this process's folder */
export function presentFile(path: string): string {
  let kind: ReturnType<typeof statSync>;
  try {
    kind = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOTDIR" && code !== "ENAMETOOLONG") throw unreadable(path);
  }
  if (kind === undefined)
    throw new TillerError("not-found", `there is no file ${path}`, {
      field: "path",
      suggestion: "Give the path of a GGUF file on the daemon’s machine.",
    });
  if (kind.isFile()) return path;
  const within = kind.isDirectory() ? ggufIn(path) : [];
  throw new TillerError("bad-model-file", `${path} is ${kind.isDirectory() ? "a folder" : "not a file"}`, {
    field: "path",
    suggestion:
      within.length === 0
        ? "Give the path of a GGUF file."
        : `Give one of its files: ${within.slice(0, 5).join(", ")}${within.length > 5 ? " …" : ""}.`,
  });
}

function spelled(text: string): string {
  const bare = text.trim().replace(/^(["'])(.*)\1$/, "$2");
  if (/^file:\/\//i.test(bare)) {
    try {
      return fileURLToPath(bare);
    } catch {
      return bare;
    }
  }
  return /^~[\\/]/.test(bare) ? join(homedir(), bare.slice(2)) : bare;
}

function ggufIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.gguf$/i.test(name));
  } catch {
    return [];
  }
}

function unreadable(path: string): TillerError {
  return new TillerError("storage-failed", `${path} cannot be looked at by the daemon`, {
    field: "path",
    suggestion: "Let the user that the daemon runs as read it, or move it to where it can.",
  });
}
