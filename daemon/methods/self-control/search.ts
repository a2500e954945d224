/**
 * The search of SelfControl for one prompt (Cai et al. 2024, arXiv 2406.02721, algorithm 1, and the authors' code): shifts of the block
 * outputs at the prompt's own positions, found by the gradient of the suffix score, kept and added up over iterations.
 * Ours differs where their scales do not carry over: the gradient is not clipped but taken relative to its largest row and stepped in
 * shares of the layer's median residual norm, sizes are tried side by side, and the best answer of all branches and iterations is
 * kept, not the last.
 */
import type { Message } from "../../protocol/api/generate.ts";
import type { PlacedRows } from "../../protocol/engine-api.ts";
import type { Lab } from "../contract.ts";
import { median, norm, sigmoid } from "../shared/numbers.ts";
import { type Suffix, scoreOf, slopeOf, TEMPERATURE } from "./score.ts";
import { directionOf, rowOf, type StepRules, stepped } from "./step.ts";

export interface SearchSettings extends StepRules {
  readonly iterations: number;
  /** first step, as a share of the median residual norm */
  readonly step: number;
  /** sizes tried: step, 2·step, … */
  readonly tries: number;
  /** by how much s must rise */
  readonly threshold: number;
  /** answers that are searched from, each begun with another one of the likeliest first tokens */
  readonly branches: number;
  readonly maxTokens: number;
}

export interface Found {
  readonly plain: string;
  readonly answer: string;
  /** d of both, see score.ts */
  readonly before: number;
  readonly after: number;
  readonly control: readonly PlacedRows[];
  /** that the answer begins with */
  readonly first: readonly number[];
  /** after which it was found; 0: the answer to nothing but its first token */
  readonly iterations: number;
}

type Uses = Pick<Lab, "gradient" | "controlled" | "tap">;

/** @param suffixes whose scores are averaged */
export async function search(prompt: readonly Message[], suffixes: readonly Suffix[], settings: SearchSettings, lab: Uses): Promise<Found> {
  const score = (text: string) => scoreOf(prompt, text, suffixes, lab);
  const [plain] = (await answers(prompt, [[]], settings, lab)) as [string];
  const before = await score(plain);
  const norms = await residualNorms(prompt, settings.layers, lab);
  let best: Found = { plain, answer: plain, before, after: before, control: [], first: [], iterations: 0 };
  const firsts = settings.branches === 1 ? [[]] : await likeliestFirst(prompt, settings.branches, lab);
  for (const first of firsts) {
    const write = (variants: readonly (readonly PlacedRows[])[]) => answers(prompt, variants, settings, lab, first);
    // the likeliest first token is the plain answer's
    const [begun] = first === firsts[0] ? [plain] : ((await write([[]])) as [string]);
    let [control, answer, reached] = [[] as readonly PlacedRows[], begun, begun === plain ? before : await score(begun)];
    if (reached > best.after) best = { ...best, answer, after: reached, control, first, iterations: 0 };
    for (let iteration = 1; iteration <= settings.iterations; iteration++) {
      const { rows, slopes } = await slopeOf({ prompt, answer, suffixes, control, layers: settings.layers }, lab);
      const direction = directionOf(slopes, rows, settings);
      if (direction === null) break;
      const variants = Array.from({ length: settings.tries }, (_, i) => {
        const sizes = norms.map((own) => own * settings.step * 2 ** i);
        return stepped(control, direction, rows, sizes, norms, settings);
      });
      const written = await write(variants);
      const scores = await each(written, score);
      // a size that changes nothing is no step
      const usable = scores.map((d, i) => (written[i] === answer || written[i] === "" ? Number.NEGATIVE_INFINITY : d));
      const chosen = usable.indexOf(Math.max(...usable));
      if (sigmoid(usable[chosen]! / TEMPERATURE) - sigmoid(reached / TEMPERATURE) <= settings.threshold) break;
      [control, answer, reached] = [variants[chosen]!, written[chosen]!, usable[chosen]!];
      if (reached > best.after) best = { ...best, answer, after: reached, control, first, iterations: iteration };
    }
  }
  return best;
}

/** @param first tokens that each of them begins with */
export async function answers(
  prompt: readonly Message[],
  variants: readonly (readonly PlacedRows[])[],
  { maxTokens }: Pick<SearchSettings, "maxTokens">,
  lab: Pick<Lab, "controlled">,
  first: readonly number[] = [],
): Promise<string[]> {
  const result = await lab.controlled({
    messages: [...prompt],
    variants: variants.map((shifts) => ({ shifts: [...shifts], seed: 1, first: [...first] })),
    sampling: { temperature: 0, maxTokens },
  });
  return result.answers.map(({ text }) => text);
}

/** The n likeliest tokens of an answer's beginning on the plain model, the likeliest first. */
async function likeliestFirst(prompt: readonly Message[], count: number, lab: Pick<Lab, "gradient" | "tap">): Promise<number[][]> {
  const { tokens } = await lab.gradient({ messages: [...prompt], answers: [{ text: null, tokens: [0], weight: 1 }] });
  const { logits, vocabulary } = await lab.tap({ prompt: null, tokens, sites: [], layers: null, logits: true, plan: null });
  const last = logits!.subarray((tokens.length - 1) * vocabulary);
  return [...last.keys()]
    .sort((a, b) => last[b]! - last[a]!)
    .slice(0, count)
    .map((token) => [token]);
}

/** Median norm of the residual over the prompt's tokens, by layer. */
export async function residualNorms(prompt: readonly Message[], layers: readonly number[], lab: Pick<Lab, "gradient">): Promise<number[]> {
  const { wanted, tokens } = await lab.gradient({
    messages: [...prompt],
    answers: [{ text: null, tokens: [0], weight: 1 }],
    wants: layers.map((layer) => ({ site: "resid", layer, what: "value" })),
  });
  return wanted.map((values) => {
    return median(tokens.map((_, row) => norm(rowOf(values, row, tokens.length))));
  });
}

export async function each<T, R>(list: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const out: R[] = [];
  for (const one of list) out.push(await run(one));
  return out;
}
