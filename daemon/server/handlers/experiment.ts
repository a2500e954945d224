/** `method.*`, `experiment.*` and `report.*` */
import { prepare } from "../../experiments/ask.ts";
import { experimentEntries, methodEntries, problemOf } from "../../experiments/entries.ts";
import { experimentOf } from "../../experiments/index.ts";
import type { Experiment, SizeFacts } from "../../methods/contract.ts";
import type { Capability } from "../../protocol/api/experiment.ts";
import type { ModelFacts } from "../../protocol/api/model.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { StoredModel } from "../../store/models.ts";
import type { DaemonContext } from "../context.ts";
import { checkFree } from "../jobs/artifact-id.ts";
import { LACKS_BEFORE, lacksOf } from "../jobs/capabilities.ts";
import { modelFor } from "../transport/access.ts";
import type { Identity } from "../transport/auth.ts";
import type { Handlers } from "../transport/dispatch.ts";

type Names = "method.list" | "experiment.list" | "experiment.estimate" | "experiment.start" | "report.get";

export function experimentHandlers(context: DaemonContext): Pick<Handlers, Names> {
  const { jobs, library, supervisor, artifacts, reports } = context;
  return {
    "method.list": () => ({ methods: methodEntries() }),
    "experiment.list": async ({ model }) => ({
      experiments: experimentEntries(model === undefined ? new Map() : lacks(await supervisor.find(model))),
    }),
    "experiment.estimate": async ({ id, model: wanted, params }, { client }) => {
      const experiment = experimentOf(id);
      const model = await modelOf(experiment, wanted, client.identity);
      const loaded = model === null ? null : supervisor.loaded(model.id);
      const cost = experiment.estimate(prepare(experiment, params, library), sizeOf(loaded?.info.facts ?? null, model));
      const speed = model === null ? 0 : supervisor.speedOf(model.id);
      return { ...cost, seconds: cost.tokens === 0 ? 0 : speed > 0 ? cost.tokens / speed : null };
    },
    "experiment.start": async ({ id, model: wanted, params }, { client }) => {
      const experiment = experimentOf(id);
      const model = await modelOf(experiment, wanted, client.identity);
      const problem = model === null ? null : problemOf(experiment, lacks(model));
      if (problem !== null) throw new TillerError("not-supported", `${experiment.title}: ${problem}`, { field: "model" });
      const prepared = prepare(experiment, params, library);
      const made = experiment.makes?.(prepared);
      return jobs.start(experiment, prepared, model?.id ?? null, () => {
        if (made !== undefined && !made.replace) checkFree(artifacts, made.id);
      });
    },
    "report.get": ({ job }) => {
      const report = reports.load(jobs.get(job).id);
      if (report !== null) return report;
      throw new TillerError("not-found", `the job '${job}' has no report`, { field: "job" });
    },
  };

  /** One that needs no engine is told of a model only where it was named. */
  async function modelOf({ engine }: Experiment, id: string | undefined, identity: Identity): Promise<StoredModel | null> {
    return engine || id !== undefined ? modelFor(context, identity, id) : null;
  }

  function lacks(model: StoredModel): ReadonlyMap<Capability, string> {
    const loaded = supervisor.loaded(model.id);
    return loaded === null ? LACKS_BEFORE : lacksOf(loaded.info);
  }
}

/** @param facts of a loaded model */
function sizeOf(facts: ModelFacts | null, model: StoredModel | null): SizeFacts {
  if (facts !== null) return { ...facts, mlpWidths: facts.mlpWidth };
  const { layers, width } = model ?? { layers: 0, width: 0 };
  return { layers, width, vocabulary: 0, mlpWidths: Array.from({ length: layers }, () => 4 * width) };
}
