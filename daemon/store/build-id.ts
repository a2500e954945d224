/** Which build of the daemon this is: after an update one that still runs serves the code that it was started with. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Hash over name, size and time of the daemon's compiled files: the builds of one checkout differ in them, and reading them is quick. */
export function buildId(): string {
  const daemon = dirname(dirname(fileURLToPath(import.meta.url)));
  const hash = createHash("sha256");
  for (const name of readdirSync(daemon, { recursive: true, encoding: "utf8" }).sort()) {
    if (!name.endsWith(".js")) continue;
    const { size, mtimeMs } = statSync(join(daemon, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}
