/** The form of a new slider or experiment: which one, what stands in its fields, and the request that it makes. Pure. */
import type { ExperimentEntry, MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";
import { fieldsOf } from "../../daemon/protocol/rules/form.ts";
import { paramsOf, type Values } from "../forms/values.ts";

export interface ExperimentForm {
  /** null: the first one */
  readonly experiment: string | null;
  /** what was typed, by experiment: nothing is lost by looking at another one */
  readonly values: Readonly<Record<string, Values>>;
}

export const EMPTY_FORM: ExperimentForm = { experiment: null, values: {} };

export type Request = ParamsIn<"experiment.start">;

/** Those that make an artifact, which a slider can be made of. */
export function makers(experiments: readonly ExperimentEntry[]): ExperimentEntry[] {
  return experiments.filter(({ produces }) => produces.includes("artifact"));
}

export function chosenExperiment(form: ExperimentForm, experiments: readonly ExperimentEntry[]): ExperimentEntry | undefined {
  return experiments.find(({ id }) => id === form.experiment) ?? experiments[0];
}

/** @param replace also where the name is taken */
export function requestOf(
  experiment: ExperimentEntry,
  form: ExperimentForm,
  methods: readonly MethodEntry[],
  model: string | null,
  replace = false,
): { readonly request: Request; readonly about: string } | { readonly problem: string } {
  const given = named(experiment, form.values[experiment.id] ?? {});
  const kind = methods.find(({ id }) => id === experiment.method)?.kind ?? null;
  const made = paramsOf(experiment.params, given, { kind });
  if ("problem" in made) return { problem: made.problem };
  const fields = fieldsOf(experiment.params);
  const titled = fields.some(({ key }) => key === "title") && made.params["title"] === undefined;
  const params = {
    ...made.params,
    // What was typed as the name is what the slider is called.
    ...(titled ? { title: (given["id"] ?? "").trim().slice(0, 120) } : {}),
    ...(replace ? { replace } : {}),
  };
  const about = String(made.params["id"] ?? "");
  return { request: { id: experiment.id, params, ...(model === null ? {} : { model }) }, about };
}

/** Without a name, it is called after the first thing that was said. */
function named({ params }: ExperimentEntry, values: Values): Values {
  if ((values["id"] ?? "").trim() !== "") return values;
  const first = fieldsOf(params).find(({ widget, required, key }) => widget === "text" && required && key !== "id");
  const said = first === undefined ? "" : (values[first.key] ?? "").trim();
  return said === "" ? values : { ...values, id: said.replaceAll("/", " ") };
}
