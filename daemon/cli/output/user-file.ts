/** Files that a command writes where the user says. */
import { realpathSync, statSync, writeFileSync } from "node:fs";
import { TillerError } from "../../protocol/errors.ts";
import { storageError, writeAtomic } from "../../store/atomic.ts";

/**
 * Whole or not at all, so that a full disk does not cost the file that is replaced. What is no plain file (a pipe, a device)
 * is written to directly; a link leads to its target.
 * @throws TillerError storage-failed
 */
export function writeUserFile(path: string, bytes: Uint8Array): void {
  try {
    const present = statSync(path, { throwIfNoEntry: false });
    if (present !== undefined && !present.isFile()) writeFileSync(path, bytes);
    else writeAtomic(present === undefined ? path : realpathSync(path), bytes, { mode: 0o666 });
  } catch (error) {
    const { message } = storageError(error, path);
    throw new TillerError("storage-failed", message, { field: "file", suggestion: "Free some space, or choose another place." });
  }
}
