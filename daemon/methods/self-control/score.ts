/**
 * The suffix score: after the answer the user asks about it, and the plain model says how much rather it would say yes than no.
 * d is the mean log-probability of the yes-words less that of the no-words, averaged over suffixes; s = sigmoid(d/τ) as in
 * SelfControl (Cai et al. 2024, arXiv 2406.02721, section 3.1), whose τ of 10 flattens it, so d is what is shown.
 */
import type { Message } from "../../protocol/api/generate.ts";
import type { EngineGradient, EngineGradientResult, PlacedRows } from "../../protocol/engine-api.ts";
import type { Lab } from "../contract.ts";

export const TEMPERATURE = 10;

export interface Suffix {
  /** asked about the answer, with how to say yes and no in it */
  readonly question: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

export function turnsOf(prompt: readonly Message[], answer: string, { question }: Suffix): Message[] {
  return [...prompt, { role: "assistant", content: answer }, { role: "user", content: question }];
}

/** With weights that make the loss −d. */
export function answersOf({ yes, no }: Suffix): EngineGradient["answers"] {
  const side = (texts: readonly string[], sign: number) => texts.map((text) => ({ text, tokens: null, weight: sign / texts.length }));
  return [...side(yes, 1), ...side(no, -1)];
}

/** d of an answer on the plain model. */
export async function scoreOf(
  prompt: readonly Message[],
  answer: string,
  suffixes: readonly Suffix[],
  lab: Pick<Lab, "gradient">,
): Promise<number> {
  let sum = 0;
  for (const suffix of suffixes) {
    const { loss } = await lab.gradient({ messages: turnsOf(prompt, answer, suffix), answers: answersOf(suffix) });
    sum -= loss;
  }
  return sum / suffixes.length;
}

/** d(d)/d(resid) at every layer, over the prompt's own tokens, with the control that has been found so far acting on them. */
export async function slopeOf(
  {
    prompt,
    answer,
    suffixes,
    control,
    layers,
  }: {
    prompt: readonly Message[];
    answer: string;
    suffixes: readonly Suffix[];
    control: readonly PlacedRows[];
    layers: readonly number[];
  },
  lab: Pick<Lab, "gradient">,
): Promise<{ rows: number; slopes: Float32Array[] }> {
  const all: EngineGradientResult[] = [];
  for (const suffix of suffixes)
    all.push(
      await lab.gradient({
        messages: turnsOf(prompt, answer, suffix),
        head: [...prompt],
        answers: answersOf(suffix),
        shifts: [...control],
        wants: layers.map((layer) => ({ site: "resid", layer, what: "gradient" })),
      }),
    );
  const rows = Math.min(...all.map(({ head }) => head));
  const slopes = layers.map((_, i) => {
    const parts = all.map(({ wanted, tokens }) => wanted[i]!.subarray(0, (wanted[i]!.length / tokens.length) * rows));
    return parts[0]!.map((_, at) => -parts.reduce((sum, part) => sum + part[at]!, 0) / parts.length);
  });
  return { rows, slopes };
}
