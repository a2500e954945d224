/** How effects are measured, and what a receipt says. */
import { markdownTable, section } from "../markdown.ts";

const FIGURES: readonly (readonly [string, string])[] = [
  [
    "`effect`",
    "score less that of the plain model at the same prompt and seed, 0 where either could not be judged; mean over prompts, 95 % by Student's t over them; with prompts of six kinds or more, over kinds",
  ],
  [
    "`random`",
    "the same under random directions of the same size, norm and angles between layers, or as many random elements, at the same places",
  ],
  [
    "`margin`",
    "effect less random at one strength. Its variance is that between prompts (or kinds) plus the variance among random directions (apart from prompts) times 1 + 1/draws; Student's t with draws - 1 degrees of freedom. null with fewer than 60 answers, 10 prompts or 8 draws",
  ],
  [
    "`slope`",
    "the same of every answer's slope over the usable strengths (least squares through 0): one test for all of them, from which the verdict follows",
  ],
  ["`prompt`", "the effect of a system turn that asks for the same thing, without steering"],
  ["`damage.bitsPerByte`", "held-out plain text read by the steered model, less the same by the plain model, teacher-forced"],
  ["`damage.choices`", "share of the minimal pairs whose correct sentence is the likelier one"],
  ["`damage.fluency`", "one answer to each prompt read by the plain model, bits per byte"],
  [
    "`damage.repetition`",
    "share of an answer's 4-grams that it has used before; `distinct1`, `distinct2`: different words and pairs over all answers",
  ],
];

export function evaluations(): string {
  return section(
    2,
    "Evaluations and receipts",
    `An evaluation is a file \`NAME.eval.yaml\` with the fields of [EvaluationSpec](#evaluationspec), in \`presets/evaluation/\` or in
\`evaluation/\` of the user's folder; NAME is the preset that it measures. \`tiller evaluate PRESET\`, or the experiment \`receipt\`, runs
it: every prompt is answered with the same seeds without steering, under a prompt that asks for the same, at each strength, and at each
strength with random directions. The [Receipt](#receipt) is kept in receipts/ beside the artifact, one for each
control setting and behaviour.`,
    markdownTable(["figure", "what it is"], FIGURES),
    `The verdict is \`works\` when the slope, and at some usable strength the effect and the margin, exclude 0 in the direction that is meant;
\`does less\` when what it can do beyond random directions at any usable strength (\`less\`, the intervals' far ends) is under the smallest
effect that counts (\`relevant\`: 0.2 of a share, half a standard deviation of a figure); else \`too few answers\`, or \`no usable strength\`. That a
test could not reject is never called the absence of an effect. Simulated, one more random direction is called \`works\` in at most 5 % of
sweeps, and the intervals cover the truth in 93 to 97 % (\`test/unit/evaluate/coverage.test.ts\`). Usable are the strengths from 0 outwards whose damage stays
under the bounds: by default held-out text loses at most 0.25 bits per byte, the answers cost the plain model at most 0.5 bits per byte
more than its own or the prompt's, repetition rises by at most 0.1, and at most 0.1 more answers are empty or cannot be judged. The evidence reaches to
the farthest strength on each side of 0 that works. A calibration looks for the largest such strengths by bisection. The same seed gives the same receipt (\`hash\`), on one build and
kind of processor, whatever else the model does at the time. An evaluation that is interrupted goes on from its finished strengths.`,
    `\`tiller evaluate NAME --quick\`, or the experiment \`quick-verdict\`, asks one thing: does it work at one strength? It looks at the answers
three times and ends as soon as it can be told; its intervals are as wide as looking early asks for, and its receipt says \`quick\`. A full
receipt never gives way to it.`,
    `\`tiller vector make --from "sarcasm"\`, or the experiment \`directions/from-words\`, makes a slider from words: the model answers questions under
system turns that ask for the property and under others that do not; with a judge, the pairs that show it are kept. The direction is
found in these answers, without the system turns, and measured on other questions.`,
    `A job that failed or was cancelled keeps what it has finished: \`tiller jobs retry ID\`, or \`job.retry\`, goes on from there. It starts
afresh, and says so, when the artifact, the control, the evaluation, the judge, the model or Tiller itself is another one by then.`,
  );
}
