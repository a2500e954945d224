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

/** Skips the running test or hook and says why in the summary of `npm test`. */
export function skip(context: Mocha.Context, reason: string): never {
  const runnable = (context.currentTest ?? context.test) as (Mocha.Runnable & { skipReason?: string }) | undefined;
  if (runnable !== undefined) runnable.skipReason = reason;
  return context.skip();
}
