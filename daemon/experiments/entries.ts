/** Methods and experiments as clients see them: with their schemas as JSON Schema, from which forms and commands are made. */
import * as z from "zod";
import type { Experiment, Method } from "../methods/contract.ts";
import { METHODS } from "../methods/index.ts";
import type { Capability, ExperimentEntry, MethodEntry } from "../protocol/api/experiment.ts";
import { EXPERIMENTS } from "./index.ts";

const forms = new WeakMap<z.ZodType, Record<string, unknown>>();

/** What a client may write: defaults may be left out. Hints of `.meta()` stay in it. Made once: it takes milliseconds. */
export function formOf(schema: z.ZodType): Record<string, unknown> {
  const known = forms.get(schema);
  if (known !== undefined) return known;
  const { $schema: _, ...form } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  forms.set(schema, form);
  return form;
}

/** @param lacks what the model that was asked about lacks, and why */
export function experimentEntries(lacks: ReadonlyMap<Capability, string> = new Map()): ExperimentEntry[] {
  return EXPERIMENTS.map((experiment) => ({
    id: experiment.id,
    title: experiment.title,
    summary: experiment.summary,
    method: METHODS.find(({ experiments }) => experiments.includes(experiment))?.id ?? null,
    params: formOf(experiment.params),
    produces: [...experiment.produces],
    needs: [...experiment.needs],
    engine: experiment.engine,
    problem: problemOf(experiment, lacks),
  }));
}

/** null: the model has all that it needs, as far as is known. */
export function problemOf({ needs }: Pick<Experiment, "needs">, lacks: ReadonlyMap<Capability, string>): string | null {
  return needs.map((need) => lacks.get(need)).find((reason) => reason !== undefined) ?? null;
}

export function methodEntries(): MethodEntry[] {
  return METHODS.map(methodEntry);
}

function methodEntry({ id, title, summary, kind, citations, control, formats, experiments }: Method): MethodEntry {
  return {
    id,
    title,
    summary,
    kind,
    citations: citations.map((citation) => ({ ...citation })),
    control: {
      params: formOf(control.params),
      unit: control.unit,
      ranges: control.ranges.map(({ when, range }) => ({ when: { ...when }, range: [range[0], range[1]] })),
    },
    formats: formats.map((format) => ({
      id: format.id,
      title: format.title,
      extension: format.extension,
      options: formOf(format.options),
    })),
    experiments: experiments.map((experiment) => experiment.id),
  };
}
