/** What a scorer learns from: answers that the model itself wrote, what they earned, and the state before each of their tokens. */
import { setImmediate as immediate } from "node:timers/promises";
import { TillerError } from "../../protocol/errors.ts";
import { parseJudge } from "../../protocol/judge-name.ts";
import { figureOf } from "../../protocol/rules/reward-figures.ts";
import type { Lab } from "../contract.ts";
import { cellSeed } from "../shared/random.ts";
import { END } from "./head.ts";
import { rewardOf, type Train } from "./params.ts";
import type { Embeddings, Steps } from "./train.ts";

export interface Rollout {
  /** index into the prompts */
  readonly prompt: number;
  readonly tokens: readonly number[];
  readonly text: string;
  readonly ended: boolean;
  readonly reward: number;
}

/** Of the next token's distribution, for its mean embedding: beyond so many the rest of the mass is spread over these. */
const LIKELIEST = 256;
const EMBEDDINGS = "token_embd.weight";
/** Whole in the memory of the daemon. */
const EMBEDDING_BYTES = 256 * 1024 ** 2;
const ROWS = 4096;

/** Answers that are asked for together: what a restart can lose. */
const TOGETHER = 128;

/**
 * Answers to every prompt by the plain model at temperature 1, each judged.
 * @param before those that an earlier run has; @param keep is told of all whenever there are more
 */
export async function rollOut(
  params: Train,
  lab: Lab,
  before: readonly Rollout[],
  keep: (all: readonly Rollout[]) => void,
): Promise<readonly Rollout[]> {
  const asked = params.prompts.flatMap((content, prompt) => Array.from({ length: params.rollouts }, () => ({ content, prompt })));
  let all = before;
  while (all.length < asked.length) {
    all = [...all, ...(await some(asked.slice(all.length, all.length + TOGETHER), all.length, params, lab))];
    keep(all);
  }
  return all;
}

async function some(
  asked: readonly { readonly content: string; readonly prompt: number }[],
  first: number,
  params: Train,
  lab: Lab,
): Promise<Rollout[]> {
  const { maxTokens, seed } = params;
  const { answers } = await lab.study({
    plans: [null],
    answers: asked.map(({ content }, index) => ({ plan: 0, messages: [{ role: "user", content }], seed: cellSeed(seed, first + index) })),
    sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, maxTokens },
    texts: [],
  });
  const rewards = await rewardsOf(
    answers.map(({ text, tokens }) => ({ text, tokens: tokens.length })),
    params,
    lab,
  );
  return answers.map(({ text, tokens, ended }, index) => {
    const earned = ended || params.unended === undefined ? rewards[index]! : params.unended;
    return { prompt: asked[index]!.prompt, tokens, text, ended, reward: earned };
  });
}

async function rewardsOf(
  written: readonly { readonly text: string; readonly tokens: number }[],
  params: Train,
  lab: Lab,
): Promise<number[]> {
  const reward = rewardOf(params);
  if (reward.is !== "judge") return written.map(figureOf(reward, "pattern"));
  const choice = parseJudge(reward.judge)!;
  const scores = await lab.scores(
    choice,
    written.map(({ text }) => ({ text, language: reward.language })),
  );
  // as a rule of decoding counts a text that the judge cannot judge
  return scores.map((score) => score ?? 0);
}

/** @throws TillerError not-supported where the model's embeddings are too large to be held */
export async function embeddingsOf(lab: Lab): Promise<Embeddings> {
  const { model } = lab;
  const width = model.facts.width;
  const vocabulary = model.facts.vocabulary;
  const bytes = vocabulary * width * 4;
  if (bytes > EMBEDDING_BYTES)
    throw new TillerError(
      "not-supported",
      `the ${vocabulary} token embeddings of ${model.id} take ${Math.round(bytes / 1024 ** 2)} MiB; prefix scorers hold at most ${EMBEDDING_BYTES / 1024 ** 2} MiB in this version`,
    );
  const data = new Float32Array(vocabulary * width);
  for (let start = 0; start < vocabulary; start += ROWS) {
    const rows = await lab.weights({ tensor: EMBEDDINGS, rows: { start, count: Math.min(ROWS, vocabulary - start) } });
    data.set(rows.data!, start * width);
  }
  // of mean square 1, so that rates fit every model
  let sum = 0;
  for (const x of data) sum += x * x;
  const scale = 1 / Math.sqrt(Math.max(sum / data.length, 1e-12));
  for (let i = 0; i < data.length; i++) data[i]! *= scale;
  return { width, data };
}

/** The last site whose state the next token is computed from. */
export const SITE = "final";

/**
 * The state before each token of the answers, the token, and what the model itself would have written there.
 * @param scale the states are multiplied by it; null: so that their mean square is 1
 */
export async function stepsOf(
  rollouts: readonly Rollout[],
  {
    params,
    lab,
    embeddings,
    ends,
    scale,
  }: { params: Train; lab: Lab; embeddings: Embeddings; ends: readonly number[]; scale: number | null },
  progress: (fraction: number) => void,
): Promise<{ steps: Steps; scale: number }> {
  const { width } = lab.model.facts;
  const lengths = rollouts.map(({ tokens, ended }) => tokens.length + Number(ended));
  const count = lengths.reduce((sum, length) => sum + length, 0);
  const steps = {
    count,
    states: new Float32Array(count * width),
    means: new Float32Array(count * embeddings.width),
    ends: new Float32Array(count),
    earned: new Float32Array(count).fill(Number.NaN),
    tokens: new Int32Array(count),
    goesOn: new Uint8Array(count),
    rewards: new Float32Array(count),
  };
  const reward = rewardOf(params);
  // what ending behind so many tokens earns; of other rewards the texts would have to be written out for each
  const figure = reward.is === "length" ? figureOf(reward, "pattern") : null;
  let at = 0;
  const prompts = new Map<number, number[]>();
  for (const [index, rollout] of rollouts.entries()) {
    const { prompt, tokens } = rollout;
    const before = prompts.get(prompt) ?? (await lab.render([{ role: "user", content: params.prompts[prompt]! }]));
    prompts.set(prompt, before);
    const { sites, logits, vocabulary } = await lab.tap({
      prompt: null,
      tokens: [...before, ...tokens],
      sites: [SITE],
      layers: null,
      logits: true,
      plan: null,
    });
    const [state] = sites;
    for (let k = 0; k < lengths[index]!; k++, at++) {
      const row = before.length - 1 + k;
      steps.states.set(state!.data.subarray(row * width, (row + 1) * width), at * width);
      const next = logits!.subarray(row * vocabulary, (row + 1) * vocabulary);
      steps.ends[at] = meanEmbedding(next, ends, embeddings, steps.means.subarray(at * embeddings.width, (at + 1) * embeddings.width));
      if (figure !== null) steps.earned[at] = figure({ text: "", tokens: k });
      steps.tokens[at] = k < tokens.length ? tokens[k]! : END;
      steps.goesOn[at] = k + 1 < lengths[index]! ? 1 : 0;
      steps.rewards[at] = rollout.reward;
    }
    await immediate();
    lab.signal.throwIfAborted();
    progress((index + 1) / rollouts.length);
  }
  let sum = 0;
  for (const x of steps.states) sum += x * x;
  const by = scale ?? 1 / Math.sqrt(Math.max(sum / Math.max(1, steps.states.length), 1e-12));
  for (let i = 0; i < steps.states.length; i++) steps.states[i]! *= by;
  return { steps, scale: by };
}

/** Σ π(z)·e_z over the tokens that go on, into `mean`. @returns π of those that end */
export function meanEmbedding(logits: Float32Array, ends: readonly number[], { width, data }: Embeddings, mean: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const x of logits) max = Math.max(max, x);
  let sum = 0;
  for (const x of logits) sum += Math.exp(x - max);
  const end = ends.reduce((share, token) => share + Math.exp(logits[token]! - max) / sum, 0);
  const order = likeliest(logits, LIKELIEST).filter((token) => !ends.includes(token));
  const kept = order.reduce((share, token) => share + Math.exp(logits[token]! - max) / sum, 0);
  for (const token of order) {
    const share = (Math.exp(logits[token]! - max) / sum / Math.max(kept, 1e-12)) * (1 - end);
    for (let i = 0; i < width; i++) mean[i]! += share * data[token * width + i]!;
  }
  return end;
}

function likeliest(logits: Float32Array, count: number): number[] {
  const all = Array.from({ length: logits.length }, (_, token) => token);
  if (logits.length <= count) return all;
  const threshold = Float32Array.from(logits).sort()[logits.length - count]!;
  return all.filter((token) => logits[token]! >= threshold);
}
