/** What jobs are given: stores by what they answer, and engines. */
import type { FoundArtifact } from "../../compiler/types.ts";
import type { Library } from "../../methods/contract.ts";
import type { Artifact } from "../../protocol/artifact.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import type { Report } from "../../protocol/report.ts";
import type { JobStore } from "../../store/jobs.ts";
import type { Supervisor } from "../engines/supervisor.ts";
import type { Log } from "../log.ts";

export interface RunDeps {
  readonly store: JobStore;
  readonly log: Log;
  readonly library: Library;
  readonly supervisor: Pick<Supervisor, "acquire" | "find">;
  readonly save: (found: FoundArtifact) => Artifact;
  readonly saveReceipt: (receipt: Receipt) => void;
  readonly saveReport: (report: Report) => void;
}
