/** What a job's work is given: stores and judges by what they answer, and its engine. */
import type { FoundArtifact, LoadedArtifact } from "../../compiler/types.ts";
import type { Judge } from "../../evaluate/judges/types.ts";
import type { Materials, Question } from "../../evaluate/receipts/materials.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import type { EngineCollect, EngineRequests, EngineStudy } from "../../protocol/engine-api.ts";
import type { Preset } from "../../protocol/preset.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import type { JobStore } from "../../store/jobs.ts";
import type { UsedEngine } from "../engines/supervisor.ts";
import type { Log } from "../log.ts";

export interface WorkDeps {
  readonly store: JobStore;
  readonly log: Log;
  readonly save: (found: FoundArtifact) => Artifact;
  readonly artifact: (id: string) => LoadedArtifact | null;
  readonly saveReceipt: (receipt: Receipt) => void;
  readonly preset: (id: string) => Preset;
  readonly judge: (id: string) => Judge;
  readonly materials: () => Materials;
  readonly questions: () => Question[];
}

/** One job as its work sees it. */
export interface Work {
  readonly engine: UsedEngine;
  readonly progress: (fraction: number, message: string) => void;
  /** said behind every message from now on */
  readonly note: (text: string) => void;
  /** both report how far they are and end when the job is cancelled */
  readonly collect: (request: Omit<EngineCollect, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["collect"][1]>;
  readonly study: (request: Omit<EngineStudy, "id">, onProgress: (fraction: number) => void) => Promise<EngineRequests["study"][1]>;
  readonly signal: AbortSignal;
}
