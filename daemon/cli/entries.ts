/** The daemon's entry, by its file. Lies one folder deep, in out/ as in the bundle's chunks, so that one relative path holds for both. */
import { fileURLToPath } from "node:url";

export const DAEMON_MAIN = fileURLToPath(new URL("../server/main.js", import.meta.url));
