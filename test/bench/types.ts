/** What a row of the benchmark is, and what it may use. */

export const MODELS = ["embedded", "f32", "q8", "smollm2", "gemma3"] as const;
export type ModelName = (typeof MODELS)[number];
/** trained models of others, which `npm run models` fetches */
export const REAL: readonly ModelName[] = ["smollm2", "gemma3"];

export interface BenchModel {
  readonly name: ModelName;
  readonly title: string;
  readonly path: string;
}

export interface BenchContext {
  readonly model: BenchModel;
  readonly threads: number;
  /** the user chose their number, so our engine keeps to it; else it governs them as it does for everybody */
  readonly fixed: boolean;
  /** pairs of measurements, five at least for a figure worth reporting */
  readonly pairs: number;
  /** scales the length of every measurement */
  readonly effort: number;
  /** a folder for this run that is deleted at its end */
  readonly folder: string;
  /** a folder that is kept between runs (the build of llama.cpp's server) */
  readonly cache: string;
  note(line: string): void;
}

/** One figure. A row that measures several ways gives one per way; the worst of them stands for the row. */
export interface Figure {
  /** `control vector, HTTP`; left out where a row has one figure only */
  readonly part?: string;
  readonly value: number;
  /** number of pairs (or of events) behind the value */
  readonly n: number;
  /** distance between the quartiles of the pairs' ratios */
  readonly spread: number;
  /** the two sides in their own unit, for the reader */
  readonly detail: string;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly bar: number;
  readonly better: "higher" | "lower";
  /** left out: every model */
  readonly models?: readonly ModelName[];
  /** @throws Error that says why it could not be measured */
  run(context: BenchContext): Promise<Figure[]>;
}

export interface Outcome {
  readonly row: Row;
  readonly model: ModelName;
  readonly figures: readonly Figure[];
  /** why there are no figures */
  readonly failure: string | null;
}
