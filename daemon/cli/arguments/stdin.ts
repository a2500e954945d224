/** Text that is piped in. */
import { readFileSync } from "node:fs";
import { TillerError } from "../../protocol/errors.ts";
import { usage } from "../output/failure.ts";

/** `-` reads standard input to its end. */
export async function textOrStdin(text: string): Promise<string> {
  if (text !== "-") return text;
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** @throws TillerError not-found, or usage when it is too large */
export function readInput(path: string, what: string, limit: number): Buffer {
  let data: Buffer;
  try {
    data = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") throw new TillerError("not-found", `there is no file ${path}`, { field: what });
    throw new TillerError("storage-failed", `${path} cannot be read (${code === "EISDIR" ? "it is a folder" : code})`, { field: what });
  }
  if (data.byteLength > limit) throw usage(`${path}: ${data.byteLength} bytes are more than the ${limit} that ${what} may have`, what);
  return data;
}
