/** What a validation shows: accuracy and damage of each way with intervals, paired differences, confusions, curves and answers. Pure. */
import type { Estimate } from "../../protocol/receipt.ts";
import type { Block } from "../../protocol/report.ts";
import { matrixChart, VEGA_LITE } from "../shared/charts.ts";
import { average } from "../shared/numbers.ts";
import { type Answered, ARMS, type Arm, bitsPerByte } from "./arms.ts";
import { type Choice, isRight } from "./choose.ts";
import type { CurvePoint } from "./curves.ts";
import { EMOTIONS, JUDGED } from "./emotions.ts";
import type { Group } from "./scenarios.ts";

export interface Validated {
  readonly params: { readonly circuits: string; readonly tokens: number; readonly damage: number; readonly choosing: number };
  readonly groups: readonly Group[];
  readonly choices: readonly Choice[];
  readonly held: readonly Answered[];
  readonly curves: readonly CurvePoint[];
}

interface Interval {
  /** mean of the clusters' means with its 95 % interval */
  interval(clusters: readonly (readonly number[])[]): Estimate;
}

const COMPARED = ["prompted", "circuit", "symmetric", "residual", "random"] as const satisfies readonly Arm[];

export function validateReport(found: Validated, lab: Interval): Block[] {
  const { params, groups, choices, held } = found;
  const scenarios = new Set(groups.map(({ skeleton }) => skeleton)).size;
  return [
    {
      type: "prose",
      id: "what",
      text: [
        `${params.circuits}: ${scenarios} held-out scenarios with three events each, six emotions, greedy with a repetition penalty of 1.1, at most ${params.tokens} tokens. An answer is right when the emotion judge's label is the emotion. Intervals: 95 %, over scenarios.`,
        `Strengths were chosen for each emotion on ${params.choosing} training scenarios: the most accurate whose answers cost the plain model at most ${params.damage} times the bits per byte of plain answers.`,
      ].join("\n\n"),
    },
    armsTable(found, lab),
    pairedTable(found, lab),
    emotionsTable(found),
    {
      type: "table",
      id: "strengths",
      title: "Strengths chosen on training scenarios",
      columns: ["arm", "emotion", "strength", "accuracy", "damage", "within"].map((key) => ({ key, title: key })),
      rows: choices.map(({ emotion, within, ...choice }) => ({ ...choice, emotion: EMOTIONS[emotion]!, within: within ? "yes" : "no" })),
      note: "Damage: bits per byte over those of plain answers. Within: under the bound; where no strength is, the gentlest was taken.",
    },
    confusion(held),
    ...curveCharts(found.curves),
    samples(found),
  ];
}

function of(held: readonly Answered[], arm: Arm): Answered[] {
  return held.filter((answer) => answer.arm === arm);
}

/** Answers about one scenario belong together. */
function clusters(answers: readonly Answered[], groups: readonly Group[], value: (answer: Answered) => number): number[][] {
  const by = new Map<string, number[]>();
  for (const answer of answers) {
    const key = groups[answer.group]!.skeleton;
    by.set(key, [...(by.get(key) ?? []), value(answer)]);
  }
  return [...by.values()];
}

function armsTable({ held, groups }: Validated, lab: Interval): Block {
  const plain = bitsPerByte(of(held, "plain"));
  return {
    type: "table",
    id: "arms",
    title: "Answers that show the wanted emotion",
    columns: [
      { key: "arm", title: "" },
      { key: "n", title: "answers" },
      { key: "right", title: "right" },
      { key: "low", title: "from" },
      { key: "high", title: "to" },
      { key: "damage", title: "bits per byte over plain answers" },
      { key: "distinct2", title: "distinct-2" },
      { key: "bytes", title: "bytes" },
      { key: "what", title: "what is done" },
    ],
    rows: (["plain", ...COMPARED] as const).map((arm) => {
      const own = of(held, arm);
      const all = arm === "plain" ? EMOTIONS.flatMap((_, emotion) => own.map((answer) => ({ ...answer, emotion }))) : own;
      const { value, low, high } = lab.interval(clusters(all, groups, (answer) => (isRight(answer) ? 1 : 0)));
      return {
        arm,
        n: own.length,
        ...{ right: value, low, high },
        damage: plain === 0 ? null : bitsPerByte(own) / plain,
        distinct2: average(own.flatMap(({ distinct2 }) => (distinct2 === null ? [] : [distinct2]))),
        bytes: average(own.map(({ bytes }) => bytes)),
        what: ARMS[arm],
      };
    }),
    note: "Plain answers are counted once for each emotion: what is right without anything being done.",
  };
}

function pairedTable({ held, groups }: Validated, lab: Interval): Block {
  const key = ({ emotion, group }: Answered): string => `${emotion} ${group}`;
  const rows = (["circuit", "symmetric"] as const).flatMap((arm) =>
    (["prompted", "residual", "random"] as const).map((other) => {
      const theirs = new Map(of(held, other).map((answer) => [key(answer), isRight(answer) ? 1 : 0]));
      const { value, low, high } = lab.interval(
        clusters(of(held, arm), groups, (answer) => (isRight(answer) ? 1 : 0) - (theirs.get(key(answer)) ?? 0)),
      );
      return { arm, other, difference: value, low, high };
    }),
  );
  return {
    type: "table",
    id: "paired",
    title: "Paired differences",
    columns: [
      { key: "arm", title: "" },
      { key: "other", title: "less" },
      { key: "difference", title: "difference" },
      { key: "low", title: "from" },
      { key: "high", title: "to" },
    ],
    rows,
    note: "Of shares of right answers to the same scenario, event and emotion.",
  };
}

function emotionsTable({ held }: Validated): Block {
  return {
    type: "table",
    id: "emotions",
    title: "Right answers by emotion",
    columns: [{ key: "emotion", title: "emotion" }, ...COMPARED.map((arm) => ({ key: arm, title: arm }))],
    rows: EMOTIONS.map((emotion, e) => ({
      emotion,
      ...Object.fromEntries(
        COMPARED.map((arm) => [arm, average(of(held, arm).flatMap((answer) => (answer.emotion === e ? [isRight(answer) ? 1 : 0] : [])))]),
      ),
    })),
  };
}

function confusion(held: readonly Answered[]): Block {
  const wanted = EMOTIONS.map((emotion) => JUDGED[emotion]);
  const labels = [...wanted, ...new Set(held.flatMap(({ label }) => (label === null || wanted.includes(label) ? [] : [label])))];
  const values = COMPARED.flatMap((arm) =>
    EMOTIONS.flatMap((emotion, e) => {
      const own = of(held, arm).filter((answer) => answer.emotion === e);
      return labels.map((label) => ({ arm, emotion, label, share: average(own.map((answer) => (answer.label === label ? 1 : 0))) }));
    }),
  );
  return matrixChart({
    id: "confusion",
    title: "What the judge takes answers for",
    description: "For each way of steering, the share of answers in the row's emotion that the judge gives the column's label.",
    values,
    ...{ x: "label", y: "emotion", value: "share", panel: "arm", xs: labels, ys: EMOTIONS, domain: [0, 1] },
    titles: { x: "judged", y: "wanted" },
  });
}

function curveCharts(curves: readonly CurvePoint[]): Block[] {
  if (curves.length === 0) return [];
  const cells = new Map<string, CurvePoint[]>();
  for (const point of curves) {
    const key = `${point.part} ${point.act} ${point.which} ${point.k}`;
    cells.set(key, [...(cells.get(key) ?? []), point]);
  }
  const values = [...cells.values()].map((points) => {
    const { part, act, which, k } = points[0]!;
    return {
      panel: `${part}, ${act === "zero" ? "set to zero" : "raised"}`,
      which,
      k,
      change: average(points.map(({ change }) => change)),
    };
  });
  return [
    {
      type: "chart",
      id: "curves",
      title: "The first k neurons and heads of a layer beside random ones",
      description:
        "Mean change, over emotions and prompts, of the projection behind the sublayer on the emotion's direction, in units of the residual's root mean square.",
      spec: {
        $schema: VEGA_LITE,
        data: { values },
        mark: { type: "line", point: true },
        width: 260,
        height: 150,
        encoding: {
          x: { field: "k", type: "quantitative", scale: { type: "log", base: 2 }, title: "k" },
          y: { field: "change", type: "quantitative", title: "change of the projection" },
          color: { field: "which", type: "nominal", title: null },
          facet: { field: "panel", type: "nominal", columns: 2, title: null },
          tooltip: ["panel", "which", "k", "change"].map((field) => ({ field })),
        },
      },
    },
  ];
}

function samples({ held, groups }: Validated): Block {
  const plain = new Map(of(held, "plain").map(({ group, text }) => [group, text]));
  return {
    type: "samples",
    id: "samples",
    title: "Answers to the first scenarios",
    samples: held
      .filter(({ arm, group }) => arm !== "plain" && group < 12)
      .map((answer) => ({
        prompt: groups[answer.group]!.prompt,
        plain: plain.get(answer.group) ?? null,
        steered: answer.text,
        judged: {
          arm: answer.arm,
          wanted: EMOTIONS[answer.emotion!]!,
          judge: answer.label ?? "not judged",
          right: isRight(answer),
          strength: answer.strength,
        },
      })),
  };
}
