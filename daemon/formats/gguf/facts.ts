/** What a checked model file says of its own shape. */
export interface ModelFacts {
  readonly architecture: string;
  readonly name: string | null;
  readonly layers: number;
  /** d */
  readonly width: number;
  readonly context: number;
  /** per layer; 0 where a layer has no attention (or, for `mlpWidths`, no dense MLP) */
  readonly heads: readonly number[];
  readonly kvHeads: readonly number[];
  readonly mlpWidths: readonly number[];
  /** width of a key head and of a value head; 0 without attention */
  readonly keyWidth: number;
  readonly valueWidth: number;
  /** positions that layers with a sliding window attend over; null where the file names none */
  readonly window: number | null;
  readonly experts: number;
  readonly expertsUsed: number;
  /** 0 when the file has no vocabulary of its own */
  readonly vocabulary: number;
  /** what llama.cpp loads but a user should know */
  readonly warnings: readonly string[];
}
