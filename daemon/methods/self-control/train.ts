/**
 * The training of a prefix: Adam over its rows, epoch by epoch; after each, the answers that it leads to on prompts which are not
 * trained on are scored by the plain model, and the best epoch's rows are kept.
 */
import type { Message } from "../../protocol/api/generate.ts";
import type { Lab } from "../contract.ts";
import { type AdamState, adamOf, adamStep } from "../shared/adam.ts";
import { average, norm } from "../shared/numbers.ts";
import { shuffled } from "../shared/random.ts";
import { type Controller, type Example, groupsOf, slopeAt } from "./objectives.ts";

export interface TrainSettings {
  readonly rate: number;
  readonly epochs: number;
  readonly patience: number;
  readonly batch: number;
  readonly seed: number;
}

export interface Epoch {
  readonly epoch: number;
  /** mean over the examples, before each of the epoch's steps; null: of the start */
  readonly loss: number | null;
  /** mean d of the answers to the prompts that choose */
  readonly score: number;
}

/** All that a training needs to go on. */
export interface Progress {
  readonly history: readonly Epoch[];
  readonly controller: Controller;
  readonly adam: AdamState;
  readonly best: { readonly epoch: number; readonly score: number; readonly controller: Controller };
}

export interface TrainHost {
  readonly lab: Pick<Lab, "gradient" | "signal">;
  /** position of the first row */
  readonly at: number;
  /** root mean square of the residual at each of the controller's layers, in which shifts are stepped */
  readonly residuals: readonly number[];
  /** mean d of what the model answers under it to the prompts that choose */
  readonly score: (controller: Controller) => Promise<number>;
  /** examples of this epoch, under the controller as it is */
  readonly examples: (controller: Controller) => Promise<readonly Example[]>;
  readonly told: (progress: Progress, done: number) => void;
}

export async function train(start: Controller, settings: TrainSettings, host: TrainHost, before: Progress | null): Promise<Progress> {
  let progress = before ?? (await begin(start, host));
  const rates = [rms(start.values), ...host.residuals].map((size) => size * settings.rate);
  while (progress.history.length <= settings.epochs && !isOver(progress, settings)) {
    const epoch = progress.history.length;
    const controller = copyOf(progress.controller);
    const adam = { ...progress.adam, mean: progress.adam.mean.map(copy), square: progress.adam.square.map(copy) };
    const examples = await host.examples(controller);
    const order = shuffled(examples.length, settings.seed + epoch);
    const losses: number[] = [];
    for (let from = 0; from < order.length; from += settings.batch) {
      const batch = order.slice(from, from + settings.batch).map((index) => examples[index]!);
      const sum = groupsOf(controller).map((group) => new Float32Array(group.length));
      for (const example of batch) {
        host.lab.signal.throwIfAborted();
        const { loss, slopes } = await slopeAt(example, controller, host.at, host.lab);
        losses.push(loss);
        for (const [k, slope] of slopes.entries()) for (let i = 0; i < slope.length; i++) sum[k]![i]! += slope[i]! / batch.length;
        host.told(progress, epoch - 1 + losses.length / examples.length);
      }
      adamStep(groupsOf(controller), sum, adam, rates);
    }
    const score = await host.score(controller);
    const best = score > progress.best.score ? { epoch, score, controller: copyOf(controller) } : progress.best;
    progress = { history: [...progress.history, { epoch, loss: average(losses), score }], controller, adam, best };
    host.told(progress, epoch);
  }
  return progress;
}

async function begin(start: Controller, host: TrainHost): Promise<Progress> {
  const score = await host.score(start);
  const progress: Progress = {
    history: [{ epoch: 0, loss: null, score }],
    controller: start,
    adam: adamOf(groupsOf(start)),
    best: { epoch: 0, score, controller: start },
  };
  host.told(progress, 0);
  return progress;
}

function isOver({ history, best }: Progress, { patience }: TrainSettings): boolean {
  return history.length - 1 - best.epoch >= patience;
}

function copyOf(controller: Controller): Controller {
  return { ...controller, values: copy(controller.values), shifts: controller.shifts.map(copy) };
}

const copy = (values: Float32Array): Float32Array => values.slice();

export function rms(values: Float32Array): number {
  return norm(values) / Math.sqrt(values.length);
}

/** A fifth of the prompts chooses, another fifth measures, at least one each; the rest is trained on. */
export function split(prompts: readonly string[], seed: number): Record<"train" | "choose" | "measure", string[]> {
  const order = shuffled(prompts.length, seed).map((index) => prompts[index]!);
  const part = Math.max(1, Math.round(prompts.length / 5));
  return { choose: order.slice(0, part), measure: order.slice(part, 2 * part), train: order.slice(2 * part) };
}

export const userTurn = (content: string): Message[] => [{ role: "user", content }];
