/**
 * The search of SelfControl for one prompt (Cai et al. 2024, arXiv 2406.02721, algorithm 1, and the authors' code): shifts of the block
 * outputs at the prompt's own positions, found by the gradient of the suffix score, kept and added up over iterations.
 * Ours differs where their scales do not carry over: the gradient is not clipped but taken relative to its largest row and stepped in
 * shares of the layer's median residual norm, sizes are tried side by side, and the best answer of all is kept, not the last.
 */
import type { Message } from "../../protocol/api/generate.ts";
import type { PlacedRows } from "../../protocol/engine-api.ts";
import type { Lab } from "../contract.ts";
import { median, norm, sigmoid } from "../shared/numbers.ts";
import { normal } from "../shared/random.ts";
import { type Suffix, scoreOf, slopeOf, TEMPERATURE } from "./score.ts";

export interface SearchSettings {
  readonly iterations: number;
  /** first step, as a share of the median residual norm */
  readonly step: number;
  /** sizes tried: step, 2·step, … */
  readonly tries: number;
  /** by how much s must rise */
  readonly threshold: number;
  readonly layers: readonly number[];
  readonly maxTokens: number;
}

export interface Found {
  readonly plain: string;
  readonly answer: string;
  /** d of both, see score.ts */
  readonly before: number;
  readonly after: number;
  readonly control: readonly PlacedRows[];
  readonly iterations: number;
}

type Uses = Pick<Lab, "gradient" | "controlled">;

export async function search(prompt: readonly Message[], suffix: Suffix, settings: SearchSettings, lab: Uses): Promise<Found> {
  const write = (variants: readonly (readonly PlacedRows[])[]) => answers(prompt, variants, settings, lab);
  const [plain] = (await write([[]])) as [string];
  const before = await scoreOf(prompt, plain, suffix, lab);
  const norms = await residualNorms(prompt, settings.layers, lab);
  let best: Found = { plain, answer: plain, before, after: before, control: [], iterations: 0 };
  let [control, answer, score] = [[] as readonly PlacedRows[], plain, before];
  for (let iteration = 1; iteration <= settings.iterations; iteration++) {
    const { rows, slopes } = await slopeOf({ prompt, answer, suffix, control, layers: settings.layers }, lab);
    const direction = relative(slopes, rows);
    if (direction === null) break;
    const sizes = Array.from({ length: settings.tries }, (_, i) => settings.step * 2 ** i);
    const variants = sizes.map((size) =>
      stepped(
        control,
        direction,
        settings.layers,
        rows,
        norms.map((norm) => norm * size),
      ),
    );
    const written = await write(variants);
    const scores = await each(written, (text) => scoreOf(prompt, text, suffix, lab));
    // a size that changes nothing is no step
    const usable = scores.map((d, i) => (written[i] === answer || written[i] === "" ? Number.NEGATIVE_INFINITY : d));
    const chosen = usable.indexOf(Math.max(...usable));
    if (sigmoid(usable[chosen]! / TEMPERATURE) - sigmoid(score / TEMPERATURE) <= settings.threshold) break;
    [control, answer, score] = [variants[chosen]!, written[chosen]!, usable[chosen]!];
    if (score > best.after) best = { ...best, answer, after: score, control, iterations: iteration };
  }
  return best;
}

/** The same norm at every position and layer, in random directions. */
export function randomLike(control: readonly PlacedRows[], seed: number): PlacedRows[] {
  const next = normal(seed);
  return control.map((place) => {
    const width = place.values.length / place.rows;
    const values = place.values.map(next);
    for (let row = 0; row < place.rows; row++) {
      const [from, to] = [row * width, (row + 1) * width];
      const scale = norm(place.values.subarray(from, to)) / norm(values.subarray(from, to));
      for (let i = from; i < to; i++) values[i]! *= scale;
    }
    return { ...place, values };
  });
}

export async function answers(
  prompt: readonly Message[],
  variants: readonly (readonly PlacedRows[])[],
  { maxTokens }: Pick<SearchSettings, "maxTokens">,
  lab: Pick<Lab, "controlled">,
): Promise<string[]> {
  const result = await lab.controlled({
    messages: [...prompt],
    variants: variants.map((shifts) => ({ shifts: [...shifts], seed: 1, first: [] })),
    sampling: { temperature: 0, maxTokens },
  });
  return result.answers.map(({ text }) => text);
}

/** The gradient in units of its largest row, which takes the place of the paper's clipping. null: there is none */
function relative(slopes: readonly Float32Array[], rows: number): Float32Array[] | null {
  let most = 0;
  for (const values of slopes) for (let row = 0; row < rows; row++) most = Math.max(most, norm(rowOf(values, row, rows)));
  return most > 0 ? slopes.map((values) => values.map((value) => value / most)) : null;
}

function stepped(
  control: readonly PlacedRows[],
  direction: readonly Float32Array[],
  layers: readonly number[],
  rows: number,
  sizes: readonly number[],
): PlacedRows[] {
  return direction.map((values, i) => {
    const layer = layers[i]!;
    const before = control.find((place) => place.layer === layer);
    return {
      site: "resid",
      layer,
      from: 0,
      rows,
      values: values.map((value, at) => value * sizes[i]! + (before?.values[at] ?? 0)),
    };
  });
}

/** Median norm of the residual over the prompt's tokens, by layer. */
async function residualNorms(prompt: readonly Message[], layers: readonly number[], lab: Pick<Lab, "gradient">): Promise<number[]> {
  const { wanted, tokens } = await lab.gradient({
    messages: [...prompt],
    answers: [{ text: null, tokens: [0], weight: 1 }],
    wants: layers.map((layer) => ({ site: "resid", layer, what: "value" })),
  });
  return wanted.map((values) => {
    return median(tokens.map((_, row) => norm(rowOf(values, row, tokens.length))));
  });
}

function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

async function each<T, R>(list: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const out: R[] = [];
  for (const one of list) out.push(await run(one));
  return out;
}
