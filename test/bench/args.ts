/** The bench's options. */
import { parseArgs } from "node:util";
import { MODELS, type ModelName } from "./types.ts";

export const USAGE = `npm run bench -- [options]
  --json FILE      write the figures as JSON too
  --only ID,ID     these rows only
  --model NAME     embedded, f32, q8, smollm2 or gemma3 (may be given several times; default: all)
  --pairs N        pairs of measurements per figure (default 7)
  --effort X       length of each measurement, 1 is about 1.5 s (default 1; below 1 only to try the bench itself)
  --threads N      threads that compute, on both sides (default: one per core; with one core left over, what a daemon does
                   beside the computation costs it nothing)
  --keep           keep the generated models`;

export interface Options {
  readonly json: string | null;
  readonly only: readonly string[] | null;
  readonly models: readonly ModelName[];
  readonly pairs: number;
  readonly effort: number;
  /** null: one per core */
  readonly threads: number | null;
  readonly keep: boolean;
}

/** @throws Error that names the option */
export function readOptions(argv: readonly string[], rows: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: "string" },
      only: { type: "string" },
      model: { type: "string", multiple: true },
      pairs: { type: "string", default: "7" },
      effort: { type: "string", default: "1" },
      threads: { type: "string" },
      keep: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",").map((id) => id.trim()) ?? null;
  for (const id of only ?? []) if (!rows.includes(id)) throw new Error(`--only: no row '${id}'; rows: ${rows.join(", ")}`);
  const models = (values.model ?? [...MODELS]).flatMap((name) => name.split(","));
  for (const name of models)
    if (!(MODELS as readonly string[]).includes(name)) throw new Error(`--model: '${name}' is none of ${MODELS.join(", ")}`);
  return {
    json: values.json ?? null,
    only,
    models: models as ModelName[],
    pairs: positive("--pairs", values.pairs),
    effort: positive("--effort", values.effort),
    threads: values.threads === undefined ? null : Math.ceil(positive("--threads", values.threads)),
    keep: values.keep,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name}: '${text}' is not a number above 0`);
  return value;
}
