/** What the training of a scorer shows: how well it foretells, by depth and by value, and what whole answers have to choose from. */
import type { Block } from "../../protocol/report.ts";
import type { Lab } from "../contract.ts";
import { average } from "../shared/numbers.ts";
import type { Train } from "./params.ts";
import { bestOf, explained, type Foretold } from "./quality.ts";
import type { Rollout } from "./rollouts.ts";
import type { Epoch } from "./train.ts";

interface Shown {
  readonly params: Train;
  readonly history: readonly Epoch[];
  readonly best: number;
  readonly values: readonly Foretold[];
  /** of the held-out prompts */
  readonly rewards: readonly (readonly number[])[];
  readonly rollouts: readonly Rollout[];
  readonly interval: Lab["interval"];
}

const PARTS = [
  { title: "first quarter", from: 0, to: 0.25 },
  { title: "second quarter", from: 0.25, to: 0.5 },
  { title: "third quarter", from: 0.5, to: 0.75 },
  { title: "last quarter", from: 0.75, to: 1 },
] as const;
const BINS = 10;

export function scorerReport({ params, history, best, values, rewards, rollouts, interval }: Shown): Block[] {
  const r2 = explained(values);
  const ended = rollouts.filter((one) => one.ended).length;
  const mean = interval(rewards.map((own) => [...own]));
  return [
    {
      type: "prose",
      id: "summary",
      text: `Learned from ${rollouts.length} answers to ${params.prompts.length} prompts by ${params.objective === "cd-q" ? "CD-Q" : "CD-FUDGE"}, of which ${ended} ended by themselves. On the answers to ${rewards.length} prompts that neither taught it nor chose when to stop, its values explain ${r2 === null ? "nothing that differs" : `${Math.round(100 * r2)} % of the variance of the rewards`}; those earn ${mean.value.toFixed(3)} (${mean.low.toFixed(3)} to ${mean.high.toFixed(3)}). Kept from epoch ${best} of ${history.length}.`,
    },
    depths(values),
    calibration(values),
    choices(rewards, interval),
    epochs(history),
  ];
}

/** How far into an answer a value is worth anything. */
function depths(values: readonly Foretold[]): Block {
  return {
    type: "table",
    id: "depths",
    title: "By how much of the answer is known",
    columns: [
      { key: "part", title: "of the answer" },
      { key: "values", title: "values" },
      { key: "r2", title: "share of the rewards' variance explained" },
      { key: "off", title: "mean error" },
    ],
    rows: PARTS.map(({ title, from, to }) => {
      const own = values.filter(({ depth, length }) => depth / length > from && depth / length <= to);
      return {
        part: title,
        values: own.length,
        r2: explained(own) ?? 0,
        off: own.length === 0 ? 0 : average(own.map(({ value, reward }) => value - reward)),
      };
    }),
  };
}

/** Values in tenths beside what was then earned: on the diagonal they mean what they say. */
function calibration(values: readonly Foretold[]): Block {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const size = Math.ceil(sorted.length / BINS);
  const points = Array.from({ length: BINS }, (_, bin) => sorted.slice(bin * size, (bin + 1) * size))
    .filter((bin) => bin.length > 0)
    .map((bin) => ({ expected: average(bin.map(({ value }) => value)), earned: average(bin.map(({ reward }) => reward)) }));
  const all = points.flatMap(({ expected, earned }) => [expected, earned]);
  const rows = [
    ...points.map((point) => ({ ...point, what: "held-out answers" })),
    ...[Math.min(...all), Math.max(...all)].map((x) => ({ expected: x, earned: x, what: "as expected" })),
  ];
  return {
    type: "chart",
    id: "calibration",
    title: "Expected and earned",
    description:
      "Held-out values in ten groups from the lowest to the highest: what each group expects beside what those answers earned. On the line the two are equal.",
    spec: {
      data: { values: rows },
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "expected", type: "quantitative", title: "expected", scale: { zero: false } },
        y: { field: "earned", type: "quantitative", title: "earned", scale: { zero: false } },
        strokeDash: { field: "what", type: "nominal", title: null },
      },
    },
  };
}

/** What best of K whole answers earns on the held-out prompts, and the bound of what it costs: the frontier that rules are compared with. */
function choices(rewards: readonly (readonly number[])[], interval: Lab["interval"]): Block {
  const most = Math.min(...rewards.map((own) => own.length));
  const points = [1, 2, 4, 6, 8, 16, 32, 64]
    .filter((k) => k <= most)
    .map((k) => {
      const { value, low, high } = interval(rewards.map((own) => [bestOf(own, k)]));
      return { K: k, bound: Math.log(k) - (k - 1) / k, reward: value, low, high };
    });
  return {
    type: "chart",
    id: "frontier",
    title: "Best of K whole answers",
    description:
      "Mean reward of the best of K answers on the held-out prompts against the bound of the divergence from the plain model, log K − (K − 1)/K nats, with 95 % intervals over prompts.",
    spec: {
      data: { values: points },
      encoding: { x: { field: "bound", type: "quantitative", title: "bound of the divergence, nats" } },
      layer: [
        {
          mark: { type: "rule" },
          encoding: { y: { field: "low", type: "quantitative", title: "reward", scale: { zero: false } }, y2: { field: "high" } },
        },
        { mark: { type: "line", point: true }, encoding: { y: { field: "reward", type: "quantitative" } } },
        {
          mark: { type: "prose", dy: -10 },
          encoding: { y: { field: "reward", type: "quantitative" }, text: { field: "K", type: "quantitative" } },
        },
      ],
    },
  };
}

function epochs(history: readonly Epoch[]): Block {
  const values = history.flatMap(({ epoch, loss, heldOut }) => [
    { epoch, figure: "training error", value: loss },
    { epoch, figure: "error on prompts that choose", value: heldOut },
  ]);
  return {
    type: "chart",
    id: "epochs",
    title: "Training",
    description:
      "Mean square of value − target over the steps that are trained on, and of value − reward over those that choose when to stop, by epoch.",
    spec: {
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "epoch", type: "quantitative", title: "epoch", axis: { tickMinStep: 1 } },
        y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
        row: { field: "figure", type: "nominal", title: null },
      },
      resolve: { scale: { y: "independent" } },
    },
  };
}
