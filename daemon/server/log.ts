/**
 * Log lines on stderr. Prompts, answers and activations are never given to it; paths and tokens that errors may carry are
 * taken out of everything that it writes or that goes to a client.
 */
import { homedir } from "node:os";

export type Level = "debug" | "info" | "warn" | "error";
const ORDER: readonly Level[] = ["debug", "info", "warn", "error"];

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export function createLog(write: (line: string) => void, lowest: Level = "info"): Log {
  const at =
    (level: Level) =>
    (message: string): void => {
      if (ORDER.indexOf(level) >= ORDER.indexOf(lowest)) write(`${new Date().toISOString()} ${level} ${scrub(message)}\n`);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

export function stderrLog(env: NodeJS.ProcessEnv = process.env): Log {
  const wanted = env.TILLER_LOG as Level | undefined;
  return createLog((line) => process.stderr.write(line), wanted !== undefined && ORDER.includes(wanted) ? wanted : "info");
}

const HOME = homedir();
/** Absolute paths of two or more parts, POSIX and Windows, also as file: URLs. */
const PATHS =
  /(?:file:\/\/)?(?:(?<![\w.:/])\/(?:[^\s/'"`:;,()<>]+\/)+[^\s'"`:;,()<>]*|\b[A-Za-z]:\\(?:[^\s\\'"`:;,()<>]+\\)*[^\s'"`:;,()<>]*)/g;
const TOKENS = /(tiller\.token\.|Bearer\s+)[A-Za-z0-9_-]+/gi;

/** The text without absolute paths and tokens; of a path only the file name is left. */
export function scrub(text: string): string {
  const cleaned = text.replaceAll(TOKENS, "$1…").replaceAll(PATHS, (path) => `…/${path.split(/[\\/]/).filter(Boolean).at(-1) ?? ""}`);
  return HOME.length > 1 ? cleaned.replaceAll(HOME, "~") : cleaned;
}
