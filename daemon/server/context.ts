/** What handlers and the HTTP routes share: one object made at start, no globals. */

import type { Library } from "../methods/contract.ts";
import type { ArtifactStore } from "../store/artifacts.ts";
import type { Config } from "../store/config.ts";
import type { EvaluationStore } from "../store/evaluations.ts";
import type { Grants } from "../store/grants.ts";
import type { ModelStore } from "../store/models.ts";
import type { StorePaths } from "../store/paths.ts";
import type { PresetStore } from "../store/presets.ts";
import type { ReportStore } from "../store/reports.ts";
import type { TemplateStore } from "../store/templates.ts";
import type { TokenStore } from "../store/tokens.ts";
import type { LiveTaps } from "./answers/activation-streams.ts";
import type { Sessions } from "./answers/sessions.ts";
import type { SteeringCompiler } from "./answers/steering.ts";
import type { Downloads } from "./engines/downloads.ts";
import type { Supervisor } from "./engines/supervisor.ts";
import type { Judges } from "./jobs/judges.ts";
import type { JobRunner } from "./jobs/queue.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { PageSessions } from "./transport/page-sessions.ts";

export interface DaemonContext {
  readonly version: string;
  readonly startedAt: number;
  readonly paths: StorePaths;
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly models: ModelStore;
  readonly presets: PresetStore;
  readonly artifacts: ArtifactStore;
  readonly evaluations: EvaluationStore;
  readonly reports: ReportStore;
  readonly library: Library;
  readonly judges: Judges;
  readonly templates: TemplateStore;
  readonly tokens: TokenStore;
  readonly pages: PageSessions;
  readonly grants: Grants;
  readonly supervisor: Supervisor;
  readonly steering: SteeringCompiler;
  readonly sessions: Sessions;
  readonly live: LiveTaps;
  readonly jobs: JobRunner;
  readonly downloads: Downloads;
  /** number of WebSocket clients */
  clients(): number;
  /** closes the connections of a revoked token */
  disconnectToken(id: string): void;
  /** drains and ends the daemon */
  stop(reason: string): void;
}
