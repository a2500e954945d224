/** Jobs that earlier versions of the program wrote, in today's form. Those had three kinds of job; now a job names its experiment. */
import { migrateControls } from "../compiler/migrate.ts";

const EXPERIMENT: Readonly<Record<string, { readonly id: string; readonly title: string }>> = {
  directions: { id: "directions/from-pairs", title: "Direction from pairs" },
  slider: { id: "directions/from-words", title: "Slider from words" },
  receipt: { id: "receipt", title: "Receipt" },
};

type Json = Readonly<Record<string, unknown>>;

export function migrateJob(value: unknown): unknown {
  if (!isRecord(value) || "experiment" in value || !isRecord(value["job"]) || !isRecord(value["params"])) return value;
  const experiment = EXPERIMENT[String(value["kind"])];
  if (experiment === undefined) return value;
  const { kind: _, ...job } = value["job"];
  const { model: __, ...params } = value["params"];
  const stored = {
    job: { error: null, ...job, experiment: experiment.id, title: experiment.title },
    model: value["model"],
    experiment: experiment.id,
  };
  if (value["kind"] !== "receipt") return { ...stored, params };
  const { settings, by: ___, ...lasting } = params;
  const swept = value["swept"];
  if (isRecord(swept) && isRecord(swept["rack"]))
    return {
      ...stored,
      params: { ...lasting, control: swept["control"], rack: { ...swept["rack"], controls: migrateControls(swept["rack"]["controls"]) } },
    };
  const { scope, ...own } = isRecord(settings) ? settings : {};
  const acting = isRecord(settings) ? { settings: { with: own, ...(scope === undefined ? {} : { scope }) } } : {};
  return { ...stored, params: { ...lasting, ...acting }, asked: true };
}

/** What a job had finished: arms of a receipt, and of a slider the direction that it had found. Figures of another build are not gone on from. */
export function migratePart(value: unknown): unknown {
  if (!isRecord(value) || !isRecord(value["arms"])) return value;
  const { arms, identity = {} } = value;
  return { receipt: { arms, identity } };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
