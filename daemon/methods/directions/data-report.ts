/** How good the data were that a direction was found from: what else tells the two sides apart, and what to do about it. */
import type { EngineCollected } from "../../protocol/engine-api.ts";
import type { Block } from "../../protocol/report.ts";
import { auroc } from "../shared/separation.ts";
import type { LayerFigures } from "./layer-figures.ts";
import { FEWEST_HELD_OUT, type Split } from "./questions.ts";

export interface Data {
  readonly pairs: number;
  readonly split: Split;
  /** of 2 × pairs texts: first those with the property, then those without */
  readonly texts: EngineCollected["texts"];
  /** by layer that was read */
  readonly norms: readonly number[];
  readonly figures: readonly LayerFigures[];
  /** that were chosen */
  readonly layers: readonly number[];
  readonly width: number;
  /** pairs that were left out for a reading that is a sink's */
  readonly sinkPairs: number;
}

interface Check {
  readonly check: string;
  readonly found: string;
  /** null: nothing is wrong */
  readonly warning: string | null;
}

/** From here on a figure is warned of. */
const MOST_IN_TOP = 0.5;
const LENGTH_TELLS = 0.8;
const ENDING_TELLS = 0.75;
const WORDS_TELL = 0.95;
const HALVES_AGREE = 0.5;
const SHORT = 4;

export function dataChecks(data: Data): Check[] {
  const best = data.figures.find(({ layer }) => layer === data.layers[0])!;
  return [enough(data), sinks(data), channels(best, data), lengths(data), endings(data), words(data), halves(best)];
}

export function dataReport(data: Data): Block[] {
  const checks = dataChecks(data);
  const warnings = checks.flatMap(({ warning }) => warning ?? []);
  return [
    { type: "prose", id: "data-warnings", text: warnings.length === 0 ? "Nothing speaks against these pairs." : warnings.join("\n\n") },
    {
      type: "table",
      id: "data",
      title: "The data",
      columns: [
        { key: "check", title: "looked at" },
        { key: "found", title: "found" },
        { key: "warned", title: "" },
      ],
      rows: checks.map(({ check, found, warning }) => ({ check, found, warned: warning === null ? "" : "see above" })),
    },
    layerTable(data),
    layerChart(data),
  ];
}

function enough({ split: { questions } }: Data): Check {
  const found = `${questions.train} questions learned from, ${questions.heldOut} held out`;
  const check = "number of questions";
  if (questions.heldOut === 0)
    return { check, found, warning: "Nothing was held out, so nothing says how well the direction separates other texts." };
  if (questions.heldOut >= FEWEST_HELD_OUT) return { check, found, warning: null };
  return {
    check,
    found,
    warning: `Too few to tell: ${questions.heldOut} held-out questions, and below ${FEWEST_HELD_OUT} one more or less turns the figures over. Give pairs on ${2 * FEWEST_HELD_OUT} questions or more.`,
  };
}

function sinks({ texts, sinkPairs }: Data): Check {
  const count = texts.reduce((sum, text) => sum + text.sinks, 0);
  const short = texts.filter(({ own }) => own < SHORT).length;
  const found = `${count} of ${texts.reduce((sum, { own }) => sum + own, 0)} tokens are attention sinks and left out, beside every first one${sinkPairs > 0 ? `; ${sinkPairs} pairs were nothing else` : ""}`;
  return {
    check: "what was read",
    found,
    warning:
      short * 2 < texts.length
        ? null
        : `Most of the texts are shorter than ${SHORT} tokens of their own: so little shows hardly more than its words. Give sentences.`,
  };
}

function channels({ layer, topShare }: LayerFigures, { width }: Data): Check {
  return {
    check: `share of the direction in its 8 largest of ${width} channels`,
    found: `${percent(topShare)} at layer ${layer}`,
    warning:
      topShare < MOST_IN_TOP
        ? null
        : `${percent(topShare)} of the direction lies in 8 of ${width} channels, as it does where a single odd token or position is read. Read \`mean\` over longer texts, or look at which texts are odd.`,
  };
}

function lengths({ texts, pairs }: Data): Check {
  const own = texts.map((text) => text.own);
  const [a, b] = [own.slice(0, pairs), own.slice(pairs)];
  const tells = auroc(a, b);
  const [long, short] = [average(a), average(b)];
  const found = `${long.toFixed(1)} tokens with the property, ${short.toFixed(1)} without`;
  return {
    check: "lengths of the two sides",
    found,
    warning:
      Math.abs(tells - 0.5) < LENGTH_TELLS - 0.5
        ? null
        : `Length alone tells your sides apart in ${percent(Math.max(tells, 1 - tells))} of cases (${found}), so the direction may be one of length. Give pairs of like length.`,
  };
}

/** What the identity of the last token tells, each question judged by the others. */
function endings({ texts, pairs, split }: Data): Check {
  const both = (pair: number): [string, string] => [texts[pair]!.ending, texts[pair + pairs]!.ending];
  const parts = split.folds.length > 0 ? split.folds : [split.train];
  let right = 0;
  let all = 0;
  for (const part of parts) {
    const others = parts.length > 1 ? parts.filter((other) => other !== part).flat() : part;
    const votes = new Map<string, number>();
    for (const pair of others) {
      const [a, b] = both(pair);
      votes.set(a, (votes.get(a) ?? 0) + 1);
      votes.set(b, (votes.get(b) ?? 0) - 1);
    }
    for (const pair of part) {
      const [a, b] = both(pair).map((ending) => votes.get(ending) ?? 0) as [number, number];
      right += score(a) + score(-b);
      all += 2;
    }
  }
  const accuracy = all === 0 ? 0.5 : right / all;
  const [a, b] = [commonest(texts.slice(0, pairs)), commonest(texts.slice(pairs))];
  return {
    check: "what the last token alone tells",
    found: `right in ${percent(accuracy)} (half is chance); most end in “${a}” and “${b}”`,
    warning:
      accuracy < ENDING_TELLS
        ? null
        : `The last token alone tells your sides apart in ${percent(accuracy)} of cases: they end in “${a}” and “${b}”. Let both end alike, and do not read \`last\`.`,
  };
}

function score(votes: number): number {
  return votes > 0 ? 1 : votes === 0 ? 0.5 : 0;
}

function words({ figures }: Data): Check {
  const first = figures.reduce((a, b) => (b.layer < a.layer ? b : a));
  const { auroc: tells } = first.chosenBy;
  return {
    check: `separation at layer ${first.layer}, where only words are known`,
    found: `AUROC ${tells.toFixed(2)}`,
    warning:
      first.layer > 0 || tells < WORDS_TELL
        ? null
        : `The words alone tell your sides apart (AUROC ${tells.toFixed(2)} at layer 0), so the direction may be one of words and not of what they say. More and more different pairs help, and such as share their words.`,
  };
}

function halves({ layer, halves: agree }: LayerFigures): Check {
  return {
    check: "cosine between the directions of two halves of the questions",
    found: agree === null ? "too few pairs" : `${agree.toFixed(2)} at layer ${layer}`,
    warning:
      agree === null || agree >= HALVES_AGREE
        ? null
        : `Two halves of your pairs give directions that hardly agree (cosine ${agree.toFixed(2)}): much of it is chance. Give more pairs.`,
  };
}

function layerTable({ figures, layers, norms }: Data): Block {
  const figure = (value: number): number => Number(value.toPrecision(4));
  return {
    type: "table",
    id: "layers",
    title: "Layers",
    columns: [
      { key: "layer", title: "layer" },
      { key: "chosenBy", title: "AUROC, training questions in turn" },
      { key: "heldOut", title: "AUROC, held out" },
      { key: "dPrime", title: "d′, held out" },
      { key: "gap", title: "length", unit: "× the residual's" },
      { key: "top", title: "in 8 channels" },
      { key: "halves", title: "cosine of halves" },
      { key: "used", title: "" },
    ],
    rows: figures.map(({ layer, found, chosenBy, heldOut, topShare, halves }, index) => ({
      layer,
      chosenBy: figure(chosenBy.auroc),
      heldOut: heldOut === null ? null : figure(heldOut.auroc),
      dPrime: heldOut === null ? null : figure(heldOut.dPrime),
      gap: norms[index]! > 0 ? figure(found.gap / norms[index]!) : null,
      top: figure(topShare),
      halves: halves === null ? null : figure(halves),
      used: layers.includes(layer) ? "used" : "",
    })),
    note: "Layers are chosen on the training questions and reported on those that were held out. The residual's length is its median at ordinary tokens.",
  };
}

function layerChart({ figures }: Data): Block {
  const values = figures.flatMap(({ layer, chosenBy, heldOut }) => [
    { layer, auroc: chosenBy.auroc, on: "training questions in turn" },
    ...(heldOut === null ? [] : [{ layer, auroc: heldOut.auroc, on: "held out" }]),
  ]);
  return {
    type: "chart",
    id: "separation",
    title: "Separation by layer",
    description: "How well the direction of each layer tells the sides of pairs apart that it was not found from; 0.5 is chance.",
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      data: { values },
      mark: { type: "line", point: true },
      encoding: {
        x: { field: "layer", type: "quantitative", title: "layer", axis: { tickMinStep: 1 } },
        y: { field: "auroc", type: "quantitative", title: "AUROC", scale: { domain: [0, 1] } },
        color: { field: "on", type: "nominal", title: "measured on" },
      },
    },
  };
}

function commonest(texts: Data["texts"]): string {
  const counts = new Map<string, number>();
  for (const { ending } of texts) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0].trim() ?? "";
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
