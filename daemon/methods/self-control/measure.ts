/** A prefix on prompts that it has not seen: its answers beside the plain model's, a prompt's, the search's and those of two controls. */
import type { FoundArtifact } from "../../compiler/types.ts";
import type { Lab } from "../contract.ts";
import type { PrefixArm } from "./checkpoint.ts";
import { guidelineOf, suffixes } from "./guidelines.ts";
import type { Train } from "./params.ts";
import { type Judged, judged, type Measured } from "./report.ts";
import { scoreOf } from "./score.ts";
import { search } from "./search.ts";
import { settingsOf } from "./search-experiment.ts";
import { bitsOf, planOf, written } from "./serve.ts";
import { userTurn } from "./train.ts";

/** Texts that damage is measured on, the first so many characters of each. */
const [TEXTS, LENGTH] = [8, 400];

export const PREFIX_ARMS = {
  plain: "plain model",
  prefix: "prefix",
  start: "the tokens that it began as",
  random: "random rows of equal norm",
  prompted: "prompting",
  controlled: "the search for each prompt",
} as const;

export interface MeasuredPrefix {
  readonly arms: Readonly<Partial<typeof PREFIX_ARMS>>;
  readonly done: readonly Measured<PrefixArm>[];
  readonly judged: Judged<PrefixArm> | null;
  /** bits per token of plain texts by arm, one value for each text */
  readonly bits: Readonly<Record<"plain" | "prefix" | "random", readonly number[]>>;
}

export async function measurePrefix(
  prompts: readonly string[],
  { found, start }: Readonly<Record<"found" | "start", FoundArtifact>>,
  params: Train,
  lab: Pick<Lab, "gradient" | "controlled" | "tap" | "study" | "model" | "progress" | "signal" | "scores" | "materials">,
  kept: readonly Measured<PrefixArm>[],
  keep: (done: readonly Measured<PrefixArm>[]) => void,
): Promise<MeasuredPrefix> {
  const { guideline, instruction } = guidelineOf(params);
  const asked = suffixes(guideline, params.suffixes);
  const plans = [null, planOf(found, lab), planOf(start, lab), planOf(found, lab, params.seed)];
  const { controlled, ...without } = PREFIX_ARMS;
  const arms = params.compareSearch ? PREFIX_ARMS : without;
  const turns = prompts.map(userTurn);
  const texts = await written(
    plans,
    turns.flatMap((prompt, i) => [
      ...plans.map((_, plan) => ({ prompt, plan })),
      { prompt: userTurn(`${instruction}\n\n${prompts[i]!}`), plan: 0 },
    ]),
    params.maxTokens,
    lab,
  );
  const done = [...kept];
  for (const [i, prompt] of turns.entries()) {
    if (i < done.length) continue;
    lab.signal.throwIfAborted();
    lab.progress(0.8 + (0.2 * i) / turns.length, `measuring on prompt ${i + 1} of ${turns.length}`);
    const [plain, prefix, began, random, prompted] = texts.slice(i * (plans.length + 1), (i + 1) * (plans.length + 1));
    const search_ = params.compareSearch ? (await search(prompt, asked.searched, settingsOf(params, lab), lab)).answer : plain!;
    const all = { plain: plain!, prefix: prefix!, start: began!, random: random!, prompted: prompted!, controlled: search_ };
    const scores = {} as Record<PrefixArm, { searched: number; heldOut: number }>;
    for (const arm of Object.keys(arms) as PrefixArm[]) {
      const own = all[arm];
      scores[arm] = { searched: await scoreOf(prompt, own, asked.searched, lab), heldOut: await scoreOf(prompt, own, asked.heldOut, lab) };
    }
    done.push({ prompt: prompts[i]!, texts: all, scores });
    keep(done);
  }
  const plainTexts = lab
    .materials()
    .texts.slice(0, TEXTS)
    .map(({ text }) => text.slice(0, LENGTH));
  const [plain, prefix, random] = await bitsOf([plans[0]!, plans[1]!, plans[3]!], plainTexts, lab);
  return {
    arms,
    done,
    judged: await judged(params, arms as Readonly<Record<PrefixArm, string>>, done, lab),
    bits: { plain: plain!, prefix: prefix!, random: random! },
  };
}
