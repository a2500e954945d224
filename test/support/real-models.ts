/** Finds the real models that `npm run models` fetches. Tests that need them skip by name without them. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { REPOSITORY, skip } from "./shared.ts";

export type RealModelId = "smollm2" | "gemma3";

export interface RealModel {
  readonly id: RealModelId;
  readonly title: string;
  /** file name */
  readonly file: string;
}

export const REAL_MODELS: readonly RealModel[] = JSON.parse(readFileSync(join(REPOSITORY, "scripts", "real-models.json"), "utf8"));

/** Where the file is; null when it was not fetched. The script that fetches checks the sum. */
export function realPath(id: RealModelId): string | null {
  const cache = process.env["TILLER_TEST_MODELS"] ?? join(homedir(), ".cache", "tiller-test-models");
  const path = join(cache, REAL_MODELS.find((model) => model.id === id)!.file);
  return existsSync(path) ? path : null;
}

/** The file, or the running test or hook is skipped with the line that gets it. */
export function needsReal(context: Mocha.Context, id: RealModelId): string {
  return realPath(id) ?? skip(context, `needs ${REAL_MODELS.find((model) => model.id === id)!.file}: npm run models`);
}
