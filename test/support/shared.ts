/** Finds the shared test data. Tests that need it skip by name without it; scripts/test.mjs makes that a failure in CI. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, from out/test/support/. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

export function sharedPath(...parts: string[]): string | null {
  const path = join(process.env["TILLER_SHARED"] ?? join(REPOSITORY, "..", "shared"), ...parts);
  return existsSync(path) ? path : null;
}

export const STORIES = ["models", "stories260K-f32.gguf"] as const;

/**
 * Skips the running test, or all tests of the suite whose `before` runs, and says why in the summary of `npm test`: in the title,
 * which is what a file that runs in a process of its own hands on.
 */
export function skip(context: Mocha.Context, reason: string): never {
  const running = context.test as Mocha.Test | Mocha.Hook | undefined;
  const tell = (test: { title: string }): void => {
    if (!test.title.endsWith(`(${reason})`)) test.title += ` (${reason})`;
  };
  if (running?.type === "hook" && running.title.startsWith('"before all"')) running.parent?.eachTest(tell);
  else tell(context.currentTest ?? running!);
  return context.skip();
}
