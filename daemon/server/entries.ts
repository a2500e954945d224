/**
 * The other processes' entries, by their files. This file lies one folder deep, in out/ as in the bundle's chunks, so that one
 * relative path holds for both. Imports nothing but Node: the early engine is forked before anything else is read.
 */
import { fileURLToPath } from "node:url";

export const ENGINE_MAIN = fileURLToPath(new URL("../engine/main.js", import.meta.url));
export const HEADER_MAIN = fileURLToPath(new URL("../store/read-header.js", import.meta.url));
export const DOWNLOAD_MAIN = fileURLToPath(new URL("../engine/download.js", import.meta.url));
