/** A scorer from answers that the model itself writes: what it will earn, at every token of an answer that is not finished. */
import * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import { parseJudge } from "../../protocol/judge-name.ts";
import { figureOf } from "../../protocol/rules/reward-figures.ts";
import type { Experiment, Library } from "../contract.ts";
import { tokensOf } from "../shared/params.ts";
import { shuffled } from "../shared/random.ts";
import { SCORER_KIND } from "./body.ts";
import { foundScorer, placeOf } from "./found.ts";
import { rewardOf, type Train, TrainSchema } from "./params.ts";
import { explained, foretold, spreadOf } from "./quality.ts";
import { scorerReport } from "./report.ts";
import { embeddingsOf, type Rollout, rollOut, SITE, stepsOf } from "./rollouts.ts";
import { type Epoch, trainHead } from "./train.ts";

const CheckpointSchema = z.object({ rollouts: z.array(z.custom<Rollout>()) }).strict();
type Kept = z.infer<typeof CheckpointSchema>;

const BATCH = 64;
/** Fewer held-out answers tell nothing. */
const FEWEST = 12;

export const trainScorer: Experiment<Train, Kept> = {
  id: "prefix-scorer/train",
  title: "Prefix scorer",
  summary:
    "Learns from the model's own answers what an unfinished answer will earn: a length, a pattern, JSON, or what a judge says. Rules of decoding then choose tokens or blocks by it.",
  params: TrainSchema,
  checkpoint: CheckpointSchema,
  produces: ["artifact", "report"],
  needs: ["chat-template"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Train, library) => {
    if (!asked.id.startsWith(`${SCORER_KIND}/`))
      throw new TillerError("invalid-params", `id: a prefix scorer is called ${SCORER_KIND}/…, not ${asked.id}`, { field: "id" });
    checkReward(asked, library);
    return asked;
  },
  estimate: ({ prompts, rollouts, maxTokens }, { vocabulary, width }) => {
    const answers = prompts.length * rollouts;
    const prompt = Math.max(...prompts.map(tokensOf)) + 20;
    return { tokens: answers * (prompt + 2 * maxTokens), bytes: answers * maxTokens * width * 8 + vocabulary * width * 4 };
  },
  run: async (params, lab) => {
    const place = placeOf(lab.model);
    if (!place.live) throw new TillerError("not-steerable", `a prefix scorer reads ${SITE}: ${place.reason}`);
    const embeddings = await embeddingsOf(lab);
    const asked = params.prompts.length * params.rollouts;
    const rollouts = await rollOut(params, lab, lab.resume()?.rollouts ?? [], (all) => {
      lab.keep({ rollouts: [...all] });
      lab.progress((0.4 * all.length) / asked, "answers are written");
    });
    const ends = await lab.ends();
    const [learning, choosing, measuring] = partsOf(params);
    const of = (prompts: ReadonlySet<number>) => rollouts.filter(({ prompt }) => prompts.has(prompt));
    const part = (prompts: ReadonlySet<number>, scale: number | null, from: number, to: number) =>
      stepsOf(of(prompts), { params, lab, embeddings, ends, scale }, (done) =>
        lab.progress(from + (to - from) * done, "their states are read"),
      );
    const { steps, scale } = await part(learning, null, 0.4, 0.6);
    const { steps: chooses } = await part(choosing, scale, 0.6, 0.65);
    const { steps: held } = await part(measuring, scale, 0.65, 0.7);
    const history: Epoch[] = [];
    const { head, best } = await trainHead(
      steps,
      chooses,
      embeddings,
      { ...params, batch: BATCH },
      (epoch) => {
        history.push(epoch);
        lab.progress(
          0.7 + (0.25 * epoch.epoch) / params.epochs,
          `epoch ${epoch.epoch} of ${params.epochs}: error on prompts that choose ${epoch.heldOut.toFixed(4)}`,
        );
      },
      lab.signal,
    );
    const values = foretold(head, held, embeddings);
    const answers = of(measuring).length;
    const found = await foundScorer(params, lab, {
      ...{ head, scale, embeddings, ends: [...ends], answers },
      spread: spreadOf(head, held, embeddings),
      r2: answers < FEWEST ? null : explained(values),
    });
    const saved = lab.save(found, params.replace);
    const rewards = [...measuring].map((prompt) => rollouts.filter((one) => one.prompt === prompt).map(({ reward }) => reward));
    return { artifact: saved.id, report: scorerReport({ params, history, best, values, rewards, rollouts, interval: lab.interval }) };
  },
};

/** Prompts that are learned from, that choose the epoch, and that measure: a fifth for each of the last two. */
function partsOf({ prompts, seed }: Train): [learning: Set<number>, choosing: Set<number>, measuring: Set<number>] {
  const order = shuffled(prompts.length, seed);
  const fifth = Math.max(1, Math.round(order.length / 5));
  return [new Set(order.slice(2 * fifth)), new Set(order.slice(fifth, 2 * fifth)), new Set(order.slice(0, fifth))];
}

/** @throws TillerError naming the judge or the pattern */
function checkReward(params: Train, library: Library): void {
  const reward = rewardOf(params);
  if (reward.is !== "judge") {
    figureOf(reward, "pattern");
    return;
  }
  const choice = parseJudge(reward.judge);
  if (choice === null)
    throw new TillerError("invalid-params", `judge: '${reward.judge}' is no judge`, {
      field: "judge",
      suggestion: "A judge looks like emotion/joy (a label) or length:words (a figure).",
    });
  library.checkJudge(choice, "judge", [reward.language]);
}
