/** Ways of forcing a language, one answer of the experiment, and what counts as success. */
import * as z from "zod";

/** What is done for source s and target t; `plain` is asked only once per source. */
export const ARMS = {
  plain: "no steering",
  add: "t is called up",
  both: "t is called up, s put down",
  replace: "t's means are put in, s put down",
  random: "as both, with as many random neurons",
  residual: "the residual difference of the means, t − s",
} as const;
export type Arm = keyof typeof ARMS;
export const AnsweredSchema = z
  .object({
    arm: z.string(),
    /** language of the question, and the one that the answer is wanted in */
    source: z.string(),
    target: z.string(),
    question: z.number().int(),
    prompt: z.string(),
    text: z.string(),
    /** the judge's language; null: too short to be judged */
    label: z.string().nullable(),
    words: z.number(),
    /** different pairs of words over pairs; null: too short */
    distinct2: z.number().nullable(),
    /** of the answer, read by the plain model as a text of its own */
    bits: z.number(),
    bytes: z.number(),
  })
  .strict();
export type Answered = z.infer<typeof AnsweredSchema>;

export const FEWEST_WORDS = 8;
export const LEAST_DISTINCT = 0.6;
export const MOST_BITS = 1.15;

/** The right language; an answer that is too short to be judged is not. */
export function inLanguage({ label, target }: Answered): boolean {
  return label === target;
}

/** The right language, and an answer: long enough, varied, and as fluent as plain answers in that language. @param plainBits their bits per byte */
export function isGood(answer: Answered, plainBits: number): boolean {
  const { words, distinct2, bits, bytes } = answer;
  return (
    inLanguage(answer) && words >= FEWEST_WORDS && (distinct2 ?? 0) >= LEAST_DISTINCT && bytes > 0 && bits / bytes <= MOST_BITS * plainBits
  );
}

export function bitsPerByte(answers: readonly Answered[]): number {
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0);
  return bytes === 0 ? 0 : answers.reduce((sum, answer) => sum + answer.bits, 0) / bytes;
}
