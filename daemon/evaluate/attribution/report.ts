/** What an attribution shows. */
import type { Block } from "../../protocol/report.ts";
import type { Attribution, Share } from "./attribute.ts";
import type { Params } from "./params.ts";

export function attributionReport(found: Attribution, params: Params): Block[] {
  const { difference, texts, layers, tokens, neurons, heads, checked } = found;
  const asked =
    params.against === undefined
      ? `the log-probability of ${quoted(params.answer)}`
      : `the log-probability of ${quoted(params.answer)} less that of ${quoted(params.against)}`;
  const shown = (at: number): string => `${at} ${quoted(texts[at] ?? "")}`;
  const table = (id: string, title: string, what: string, rows: readonly Share[]): Block => ({
    type: "table",
    id,
    title,
    columns: [
      { key: "layer", title: "layer" },
      { key: "index", title: what },
      { key: "effect", title: "effect", unit: "nats" },
      { key: "at", title: "mostly at" },
    ],
    rows: rows.map(({ layer, index, effect, at }) => ({ layer, index, effect, at: shown(at) })),
  });
  return [
    {
      type: "prose",
      id: "summary",
      text: `${upper(asked)} is ${difference.toFixed(3)} nats on the plain model. An effect is gradient × activation: how far the difference would move if the value went to zero and everything else stayed in a straight line. Positive ones speak for ${quoted(params.answer)}.\n\n${verdict(checked)}`,
    },
    table("neurons", "Neurons", "neuron", neurons),
    table("heads", "Attention heads", "head", heads),
    bars(
      "layers",
      "By layer",
      "What attention and MLP of each layer added",
      layers.flatMap(({ layer, attention, mlp }) => [
        { x: layer, effect: attention, part: "attention" },
        { x: layer, effect: mlp, part: "mlp" },
      ]),
    ),
    bars(
      "tokens",
      "By prompt token",
      "What each token's embedding added",
      tokens.map((effect, at) => ({ x: shown(at), effect, part: "embedding" })),
    ),
    {
      type: "table",
      id: "checked",
      title: "Guess against measurement",
      columns: [
        { key: "layer", title: "layer" },
        { key: "index", title: "neuron" },
        { key: "drawn", title: "drawn at random" },
        { key: "effect", title: "effect", unit: "nats" },
        { key: "measured", title: "fall when it is set to zero", unit: "nats" },
      ],
      rows: checked.map(({ layer, index, drawn, effect, measured }) => ({ layer, index, drawn, effect, measured })),
    },
  ];
}

function verdict(checked: Attribution["checked"]): string {
  const size = (drawn: boolean): number => {
    const own = checked.filter((one) => one.drawn === drawn);
    return own.reduce((sum, { measured }) => sum + Math.abs(measured), 0) / Math.max(1, own.length);
  };
  const top = checked.filter(({ drawn }) => !drawn);
  const same = top.filter(({ effect, measured }) => Math.sign(effect) === Math.sign(measured)).length;
  return `Set to zero at every position, the ${top.length} strongest neurons move the difference by ${size(false).toFixed(4)} nats on average, as many drawn at random by ${size(true).toFixed(4)}; ${same} of ${top.length} move it the way that was guessed.`;
}

function bars(id: string, title: string, description: string, values: { x: string | number; effect: number; part: string }[]): Block {
  return {
    type: "chart",
    id,
    title,
    description,
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      data: { values },
      mark: "bar",
      encoding: {
        x: { field: "x", type: "ordinal", sort: null, title: id === "layers" ? "layer" : "token" },
        y: { field: "effect", type: "quantitative", title: "effect in nats" },
        color: { field: "part", type: "nominal" },
      },
    },
  };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function upper(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
