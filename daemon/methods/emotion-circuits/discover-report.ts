/** What a discovery shows: acceptance, where in the model the circuits lie, how they overlap, and where emotions come apart. Pure. */
import type { Block } from "../../protocol/report.ts";
import { matrixChart, VEGA_LITE } from "../shared/charts.ts";
import { average } from "../shared/numbers.ts";
import type { Elicited } from "./elicit.ts";
import { EMOTIONS, JUDGED } from "./emotions.ts";
import type { FoundCircuit, Taken } from "./find.ts";
import { type Shape, SUBLAYERS } from "./means.ts";
import { type Group, VALENCES } from "./scenarios.ts";

export interface Discovered {
  readonly params: { readonly accept: string; readonly scenarios: number; readonly pushes: number };
  readonly groups: readonly Group[];
  readonly elicited: readonly Elicited[];
  readonly accepted: readonly (readonly boolean[])[];
  /** groups that count for each emotion */
  readonly counts: readonly number[];
  readonly circuits: readonly FoundCircuit[];
  readonly shape: Shape;
  /** by layer; empty where too few groups were complete */
  readonly separable: readonly number[];
}

export function discoverReport(found: Discovered): Block[] {
  const { circuits, counts, groups, accepted, shape, params } = found;
  const complete = accepted.filter((own) => own.every((one) => one)).length;
  const first = circuits[0]!;
  return [
    {
      type: "prose",
      id: "what",
      text: [
        `${groups.length} scenarios with an event, each asked for in ${EMOTIONS.length} emotions. In ${complete} of them the judge accepted all; acceptance was “${params.accept}”, so ${Math.min(...counts)} to ${Math.max(...counts)} count for an emotion.`,
        `Each circuit has ${first.neurons.length} neurons of ${shape.layers * shape.neurons} and ${first.heads.length} heads of ${shape.layers * shape.heads}. A direction means one emotion rather than the other five: there is no class without one.`,
      ].join("\n\n"),
    },
    acceptanceTable(found),
    depthChart(found),
    influenceChart(found),
    overlapChart("neurons", circuits),
    overlapChart("heads", circuits),
    overlapTable(circuits),
    ...(found.separable.length === 0 ? [] : [separableChart(found.separable)]),
    topTable(circuits),
    samples(found),
  ];
}

function acceptanceTable({ groups, accepted, counts, elicited }: Discovered): Block {
  return {
    type: "table",
    id: "acceptance",
    title: "Answers that the judge took for the emotion asked for",
    columns: [
      { key: "emotion", title: "emotion" },
      { key: "accepted", title: "accepted" },
      ...VALENCES.map((valence) => ({ key: valence, title: valence })),
      { key: "counts", title: "scenarios that count" },
      { key: "mistaken", title: "mostly taken for instead" },
    ],
    rows: EMOTIONS.map((emotion, e) => {
      const share = (valence: string | null): number =>
        average(accepted.flatMap((own, g) => (valence === null || groups[g]!.valence === valence ? [own[e] ? 1 : 0] : [])));
      const wrong = new Map<string, number>();
      for (const { emotion: asked, label } of elicited)
        if (asked === e && label !== JUDGED[emotion]) wrong.set(label ?? "not judged", (wrong.get(label ?? "not judged") ?? 0) + 1);
      return {
        emotion,
        accepted: share(null),
        ...Object.fromEntries(VALENCES.map((valence) => [valence, share(valence)])),
        counts: counts[e]!,
        mistaken: [...wrong].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "–",
      };
    }),
    note: "By the emotion judge: its label must be the emotion.",
  };
}

function countAt(taken: readonly Taken[], layer: number): number {
  return taken.filter((one) => one.layer === layer).length;
}

function layersChart(id: string, title: string, description: string, y: string, values: readonly Record<string, string | number>[]): Block {
  return {
    type: "chart",
    id,
    title,
    description,
    spec: {
      $schema: VEGA_LITE,
      data: { values: [...values] },
      mark: { type: "line", point: true },
      width: 320,
      height: 160,
      encoding: {
        x: { field: "layer", type: "quantitative", title: "layer", axis: { tickMinStep: 1 } },
        y: { field: y, type: "quantitative", title: y },
        color: { field: "emotion", type: "nominal", title: null, sort: [...EMOTIONS] },
        ...(values[0]?.["part"] === undefined ? {} : { facet: { field: "part", type: "nominal", columns: 2, title: null, sort: null } }),
        tooltip: Object.keys(values[0] ?? {}).map((field) => ({ field })),
      },
    },
  };
}

function depthChart({ circuits, shape }: Discovered): Block {
  const values = circuits.flatMap((circuit, e) =>
    (["neurons", "heads"] as const).flatMap((part) =>
      Array.from({ length: shape.layers }, (_, layer) => ({ emotion: EMOTIONS[e]!, part, layer, count: countAt(circuit[part], layer) })),
    ),
  );
  return layersChart("depth", "Circuits by depth", "How many neurons and heads of each layer each emotion's circuit has.", "count", values);
}

function influenceChart({ circuits, shape }: Discovered): Block {
  const values = circuits.flatMap(({ influence }, e) =>
    SUBLAYERS.flatMap((sublayer) =>
      Array.from({ length: shape.layers }, (_, layer) => ({
        emotion: EMOTIONS[e]!,
        part: sublayer === "attn" ? "attention" : "MLP",
        layer,
        influence: influence[sublayer][layer]!,
      })),
    ),
  );
  return layersChart(
    "influence",
    "Influence of each sublayer",
    "How much a push along the emotion's direction at a sublayer moves the end of the model along it, in units of the push.",
    "influence",
    values,
  );
}

/** Jaccard index of two circuits' neurons or heads. */
export function overlap(a: readonly Taken[], b: readonly Taken[]): number {
  const key = ({ layer, index }: Taken): string => `${layer} ${index}`;
  const first = new Set(a.map(key));
  const shared = b.filter((one) => first.has(key(one))).length;
  return a.length + b.length === shared ? 1 : shared / (a.length + b.length - shared);
}

function overlapChart(part: "neurons" | "heads", circuits: readonly FoundCircuit[]): Block {
  const values = circuits.flatMap((a, i) =>
    circuits.map((b, j) => ({ a: EMOTIONS[i]!, b: EMOTIONS[j]!, overlap: overlap(a[part], b[part]) })),
  );
  return matrixChart({
    id: `overlap-${part}`,
    title: `Overlap of circuits: ${part}`,
    description: `Jaccard index of the ${part} of two emotions' circuits.`,
    values,
    ...{ x: "b", y: "a", value: "overlap", xs: EMOTIONS, ys: EMOTIONS, domain: [0, 1] },
  });
}

function overlapTable(circuits: readonly FoundCircuit[]): Block {
  const pairs = circuits.flatMap((a, i) => circuits.slice(i + 1).map((b) => [a, b] as const));
  return {
    type: "table",
    id: "overlap",
    title: "Overlap, mean over pairs of emotions",
    columns: [
      { key: "part", title: "" },
      { key: "mean", title: "mean" },
      { key: "least", title: "least" },
      { key: "most", title: "most" },
    ],
    rows: (["neurons", "heads"] as const).map((part) => {
      const all = pairs.map(([a, b]) => overlap(a[part], b[part]));
      return { part, mean: average(all), least: Math.min(...all), most: Math.max(...all) };
    }),
    note: "The published study has 0.056 for neurons and 0.454 for heads, on a model of 3 billion parameters.",
  };
}

function separableChart(separable: readonly number[]): Block {
  return layersChart(
    "separable",
    "Where emotions come apart",
    "Share of prompts told right by the directions of each layer, which were found from the other half of the scenarios. A guess is right in one of six.",
    "told right",
    separable.map((share, layer) => ({ emotion: "all", layer, "told right": share })),
  );
}

function topTable(circuits: readonly FoundCircuit[]): Block {
  const top = (taken: readonly Taken[]): string =>
    [...taken]
      .sort((a, b) => b.score - a.score)
      .slice(0, 5)
      .map(({ layer, index, score }) => `${layer}.${index} (${score.toPrecision(2)})`)
      .join(", ");
  return {
    type: "table",
    id: "top",
    title: "Strongest parts",
    columns: [
      { key: "emotion", title: "emotion" },
      { key: "heads", title: "heads, layer.head (importance)" },
      { key: "neurons", title: "neurons, layer.neuron (contribution)" },
    ],
    rows: circuits.map(({ heads, neurons }, e) => ({ emotion: EMOTIONS[e]!, heads: top(heads), neurons: top(neurons) })),
  };
}

function samples({ groups, elicited }: Discovered): Block {
  return {
    type: "samples",
    id: "samples",
    title: "Answers: the first of each valence, in every emotion",
    samples: elicited
      .filter(({ group }) => group < VALENCES.length)
      .map(({ group, emotion, text, label }) => ({
        prompt: groups[group]!.prompt,
        plain: null,
        steered: text,
        judged: { "asked for": EMOTIONS[emotion]!, judge: label ?? "not judged", accepted: label === JUDGED[EMOTIONS[emotion]!] },
      })),
  };
}
