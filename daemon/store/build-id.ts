/** Which build of the daemon this is: after an update one that still runs serves the code that it was started with. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The hash that the bundler left beside the code, over all of it; code that runs unbundled (in tests) has none. */
export function buildId(): string {
  const daemon = fileURLToPath(new URL("..", import.meta.url));
  try {
    return readFileSync(join(daemon, "build-id"), "utf8").trim();
  } catch {
    return "unbundled";
  }
}
