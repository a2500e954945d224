/**
 * What moved a token: gradient × activation (Simonyan et al. 2013; "attribution patching" against zero, Nanda 2023) of the
 * difference of two answers' log-probabilities, for every MLP neuron, head, block and prompt token. It is a first-order guess, so
 * the largest ones are checked: each neuron is really set to zero, beside as many drawn at random.
 */
import type { Lab } from "../../methods/contract.ts";
import { generator } from "../../methods/shared/random.ts";
import type { Params } from "./params.ts";

export interface Share {
  readonly layer: number;
  /** neuron or head */
  readonly index: number;
  /** how far it moved the difference towards `answer`, natural logarithms, summed over the prompt */
  readonly effect: number;
  /** position at which it did most */
  readonly at: number;
}

export interface Checked extends Share {
  /** by how much the difference falls when the neuron is set to zero at every position */
  readonly measured: number;
  readonly drawn: boolean;
}

export interface Attribution {
  readonly difference: number;
  readonly texts: readonly string[];
  /** by layer: what attention and MLP added */
  readonly layers: readonly { readonly layer: number; readonly attention: number; readonly mlp: number }[];
  /** by prompt token, at the embedding */
  readonly tokens: readonly number[];
  readonly neurons: readonly Share[];
  readonly heads: readonly Share[];
  readonly checked: readonly Checked[];
}

type Uses = Pick<Lab, "gradient" | "model" | "progress">;

export async function attribute(params: Params, lab: Uses): Promise<Attribution> {
  const { layers, heads } = lab.model.facts;
  const every = Array.from({ length: layers }, (_, layer) => layer);
  const places = (site: "mlp.mid" | "attn.heads" | "attn.add" | "mlp.add") =>
    every.map((layer) => ({ site, layer, what: "product" as const }));
  const ask = {
    messages: [{ role: "user" as const, content: params.prompt }],
    answers: [
      { text: params.answer, tokens: null, weight: 1 },
      ...(params.against === undefined ? [] : [{ text: params.against, tokens: null, weight: -1 }]),
    ],
  };
  lab.progress(0.05, "gradients");
  const wants = [...places("mlp.mid"), ...places("attn.heads"), ...places("attn.add"), ...places("mlp.add")];
  const { texts, loss, wanted } = await lab.gradient({ ...ask, wants: [...wants, { site: "embd", layer: 0, what: "product" }] });
  const count = texts.length;
  const of = (kind: number, layer: number): Float32Array => wanted[kind * layers + layer]!;
  const neurons = every.flatMap((layer) => shares(of(0, layer), count, layer, 1));
  const headShares = every.flatMap((layer) => shares(of(1, layer), count, layer, of(1, layer).length / count / heads[layer]!));
  const top = largest(neurons, params.top);
  return {
    difference: -loss,
    texts,
    layers: every.map((layer) => ({ layer, attention: -sum(of(2, layer)), mlp: -sum(of(3, layer)) })),
    tokens: Array.from({ length: count }, (_, at) => -sum(row(wanted[4 * layers]!, at, count))),
    neurons: top,
    heads: largest(headShares, params.top),
    checked: await check(top.slice(0, params.checked), neurons, params, { ask, count, loss }, lab),
  };
}

/** Effects of groups of `size` values, summed over the positions. The loss is minus the difference, so signs turn. */
function shares(products: Float32Array, count: number, layer: number, size: number): Share[] {
  const groups = products.length / count / size;
  return Array.from({ length: groups }, (_, index) => {
    let effect = 0;
    let [at, most] = [0, -1];
    for (let token = 0; token < count; token++) {
      const own = -sum(row(products, token, count).subarray(index * size, (index + 1) * size));
      effect += own;
      if (Math.abs(own) > most) [at, most] = [token, Math.abs(own)];
    }
    return { layer, index, effect, at };
  });
}

async function check(
  top: readonly Share[],
  all: readonly Share[],
  params: Params,
  { ask, count, loss }: { ask: Parameters<Lab["gradient"]>[0]; count: number; loss: number },
  lab: Uses,
): Promise<Checked[]> {
  const next = generator(params.seed);
  const drawn = top.map(() => all[Math.floor(next() * all.length)]!);
  const out: Checked[] = [];
  for (const [i, share] of [...top, ...drawn].entries()) {
    lab.progress(0.3 + (0.7 * i) / (2 * top.length), "setting neurons to zero");
    const place = { site: "mlp.mid" as const, layer: share.layer };
    const value = (await lab.gradient({ ...ask, wants: [{ ...place, what: "value" }] })).wanted[0]!;
    const width = value.length / count;
    const values = new Float32Array(value.length);
    for (let at = share.index; at < value.length; at += width) values[at] = -value[at]!;
    const without = await lab.gradient({ ...ask, shifts: [{ ...place, from: 0, rows: count, values }] });
    out.push({ ...share, measured: without.loss - loss, drawn: i >= top.length });
  }
  return out;
}

function largest(list: readonly Share[], count: number): Share[] {
  return [...list].sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, count);
}

function row(values: Float32Array, at: number, count: number): Float32Array {
  const width = values.length / count;
  return values.subarray(at * width, (at + 1) * width);
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
