/** The encoder's sizes, the matrices of its file, and where everything lies in the memory that multiplies them. */

/** Numbers per piece in the table, per branch, and per piece after the branches. */
export const EMBEDDING = 512;
export const BRANCH = 256;
export const FEATURES = EMBEDDING + 3 * BRANCH;
/** Numbers per text: the encoder's, the head's, and one logit per label. */
export const SENTENCE = 512;
const DENSE = 320;
export const HIDDEN = 256;
export const LABELS = 35;

/** Each branch sees windows of `size` pieces, of which `left` are before the piece itself. */
export const BRANCHES = [
  { size: 2, left: 0 },
  { size: 3, left: 1 },
  { size: 5, left: 2 },
] as const;
const WIDEST = 5;

/** Pieces of text that are read at once; begin and end are two more. */
export const WINDOW = 128;
const MAX_PIECES = WINDOW + 2;

/** Matrices are F16 [inputs, outputs], vectors F32 [outputs]. */
export const SHAPES = {
  proj: [EMBEDDING, 3 * BRANCH],
  "proj.bias": [3 * BRANCH],
  "proj.gamma": [3 * BRANCH],
  "proj.beta": [3 * BRANCH],
  "conv1.2": [2 * BRANCH, BRANCH],
  "conv1.2.bias": [BRANCH],
  "conv2.2": [2 * BRANCH, BRANCH],
  "conv2.2.bias": [BRANCH],
  "conv1.3": [3 * BRANCH, BRANCH],
  "conv1.3.bias": [BRANCH],
  "conv2.3": [3 * BRANCH, BRANCH],
  "conv2.3.bias": [BRANCH],
  "conv1.5": [5 * BRANCH, BRANCH],
  "conv1.5.bias": [BRANCH],
  "conv2.5": [5 * BRANCH, BRANCH],
  "conv2.5.bias": [BRANCH],
  "norm.gamma": [FEATURES],
  "norm.beta": [FEATURES],
  sum: [FEATURES, SENTENCE],
  "sum.bias": [SENTENCE],
  d0: [SENTENCE, DENSE],
  d1: [DENSE, DENSE],
  p1: [SENTENCE, DENSE],
  d2: [DENSE, SENTENCE],
  p3: [DENSE, SENTENCE],
  d3: [SENTENCE, SENTENCE],
  head1: [SENTENCE, HIDDEN],
  "head1.bias": [HIDDEN],
  head2: [HIDDEN, LABELS],
  "head2.bias": [LABELS],
  skip: [SENTENCE, LABELS],
  "skip.bias": [LABELS],
} as const satisfies Readonly<Record<string, readonly [number] | readonly [number, number]>>;

export type WeightName = keyof typeof SHAPES;

/** A row of `size` outputs in memory: products want a multiple of 4. */
export const padded = (size: number): number => Math.ceil(size / 4) * 4;

/** Intermediate results, of one window of pieces and then of its text, in floats. */
const ROOMS = {
  features: MAX_PIECES * FEATURES,
  projected: MAX_PIECES * 3 * BRANCH,
  /** one branch's input, with a window's rows of zeros around it */
  windows: (MAX_PIECES + WIDEST - 1) * BRANCH,
  convolved: MAX_PIECES * BRANCH,
  total: FEATURES,
  mean: SENTENCE,
  dense0: DENSE,
  dense1: DENSE,
  dense2: SENTENCE,
  sentence: SENTENCE,
  hidden: HIDDEN,
  logits: padded(LABELS),
} as const;

/** Offsets in floats, each at the start of a 64-byte cache line; `end` is the first that is free. */
function layOut<Name extends string>(sizes: Readonly<Record<Name, number>>, start: number): { at: Record<Name, number>; end: number } {
  const at = {} as Record<Name, number>;
  let end = start;
  for (const name of Object.keys(sizes) as Name[]) {
    at[name] = end;
    end += Math.ceil(sizes[name] / 16) * 16;
  }
  return { at, end };
}

const rooms = layOut(ROOMS, 0);
const weights = layOut(
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [name, (shape.length === 2 ? shape[0] : 1) * padded(shape.at(-1)!)]),
  ) as Record<WeightName, number>,
  rooms.end,
);

/** Where each intermediate result and each weight starts, and the floats of them all. */
export const ROOM = rooms.at;
export const WEIGHT = weights.at;
export const MEMORY = weights.end;
