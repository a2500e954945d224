/** What the candidates did: effect against damage as a chart and as a table, and what the model wrote under the best. */
import type { Block } from "../../../protocol/report.ts";
import type { Candidate } from "./candidates.ts";
import { BOUNDS, bestOf, type Curve } from "./points.ts";
import type { Tried, Written } from "./written.ts";

export interface Chosen {
  readonly first: readonly Curve[];
  readonly curves: readonly Curve[];
  readonly tried: readonly Tried[];
  readonly plain: Written;
  readonly decided: Candidate | null;
}

export function chooseReport({ first, curves, tried, plain, decided }: Chosen): Block[] {
  const values = curves.flatMap(({ candidate, points }) => [
    { candidate: candidate.id, strength: 0, effect: 0, damage: 0 },
    ...points.map(({ strength, effect, damage }) => ({ candidate: candidate.id, strength, effect: round(effect), damage: round(damage) })),
  ]);
  return [
    {
      type: "chart",
      id: "effect-damage",
      title: "Effect against damage",
      description: `Rise of the log-probability of answers with the property over those without, against what neutral text loses; one line for each candidate, one point for each strength. Beyond ${BOUNDS.bitsPerByte} bits per byte text is no longer taken for fluent.`,
      spec: {
        $schema: "https://vega.github.io/schema/vega-lite/v5.json",
        data: { values: values.toSorted((a, b) => a.strength - b.strength) },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "damage", type: "quantitative", title: "damage, bits per byte of neutral text" },
          y: { field: "effect", type: "quantitative", title: "effect, nats per token" },
          color: { field: "candidate", type: "nominal", title: "where" },
          order: { field: "strength", type: "quantitative" },
          tooltip: [{ field: "candidate" }, { field: "strength" }, { field: "effect" }, { field: "damage" }],
        },
      },
    },
    {
      type: "table",
      id: "candidates",
      title: "Candidates",
      columns: [
        { key: "candidate", title: "where" },
        { key: "strength", title: "strongest strength", unit: "gaps" },
        { key: "effect", title: "effect there", unit: "nats per token" },
        { key: "shown", title: "shown in answers" },
        { key: "fluency", title: "their cost", unit: "bits per byte" },
        { key: "verdict", title: "" },
      ],
      rows: [
        { candidate: "plain", strength: 0, effect: 0, shown: round(plain.shown), fluency: round(plain.fluency), verdict: "" },
        ...tried.map(({ candidate, strength, written, fluent }) => ({
          candidate: candidate.id,
          strength: round(strength),
          effect: round(effectAt(curves, candidate)),
          shown: round(written.shown),
          fluency: round(written.fluency),
          verdict: !fluent ? "no longer fluent" : candidate.id === decided?.id ? "used" : "",
        })),
        ...first
          .filter(({ candidate }) => !tried.some((one) => one.candidate.id === candidate.id))
          .map((curve) => ({
            candidate: curve.candidate.id,
            strength: round(bestOf(curve).strength),
            effect: round(bestOf(curve).effect),
            shown: null,
            fluency: null,
            verdict: "left out after the sweep",
          })),
      ],
      note: `The sweep narrows the candidates down; ${tried[0]?.written.answers.length ?? 0} short answers under each of the best decide. Strength 1 of the slider is the strongest at which they stay fluent.`,
    },
    {
      type: "samples",
      id: "written",
      title: "What the model wrote",
      samples: tried
        .filter(({ candidate, fluent }) => candidate.id === decided?.id && fluent)
        .flatMap(({ written }) => written.answers)
        .slice(0, 6)
        .map(({ prompt, text }, index) => ({
          prompt: prompt.at(-1)?.content ?? "",
          plain: plain.answers[index]?.text ?? null,
          steered: text,
          judged: {},
        })),
    },
  ];
}

function effectAt(curves: readonly Curve[], wanted: Candidate): number {
  const curve = curves.find(({ candidate }) => candidate.id === wanted.id);
  return curve === undefined ? 0 : bestOf(curve).effect;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
