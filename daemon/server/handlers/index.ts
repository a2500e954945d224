/** Every method of the protocol has its handler here; a missing one does not compile. */
import type { DaemonContext } from "../context.ts";
import type { Handlers } from "../transport/dispatch.ts";
import { artifactHandlers } from "./artifact.ts";
import { daemonHandlers } from "./daemon.ts";
import { experimentHandlers } from "./experiment.ts";
import { generateHandlers } from "./generate.ts";
import { gradientHandlers } from "./gradient.ts";
import { jobHandlers } from "./job.ts";
import { modelHandlers } from "./model.ts";
import { withOwners } from "./ownership.ts";
import { presetHandlers } from "./preset.ts";
import { renderHandlers } from "./render.ts";
import { tapHandlers } from "./tap.ts";

export function createHandlers(context: DaemonContext): Handlers {
  return withOwners(context, {
    ...daemonHandlers(context),
    ...modelHandlers(context),
    ...renderHandlers(context),
    ...generateHandlers(context),
    ...tapHandlers(context),
    ...gradientHandlers(context),
    ...presetHandlers(context),
    ...artifactHandlers(context),
    ...jobHandlers(context),
    ...experimentHandlers(context),
  });
}
