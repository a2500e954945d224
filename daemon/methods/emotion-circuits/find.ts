/** From readings to circuits: contributions, importances, influence, and what is taken of them (methods card, steps 3 to 9). */
import type { Tensor } from "../../compiler/types.ts";
import type { Message } from "../../protocol/api/generate.ts";
import type { Lab } from "../contract.ts";
import { budgetOf, FEWEST_NEURONS, fewestHeads, planLayers } from "./assemble.ts";
import { influences } from "./influence.ts";
import { directionsOf, type Shape, type Sublayer } from "./means.ts";
import type { Weights } from "./model-parts.ts";
import { contributionsOf, ranked } from "./neurons.ts";
import type { GroupsRead } from "./read-groups.ts";
import { referenceOf, rowAt } from "./reference.ts";

export interface Budget {
  /** left out: as in the study */
  readonly neurons?: number | undefined;
  readonly heads?: number | undefined;
}

/** A neuron or head that is taken. */
export interface Taken {
  readonly layer: number;
  readonly index: number;
  readonly score: number;
}

export interface FoundCircuit {
  readonly neurons: readonly Taken[];
  readonly heads: readonly Taken[];
  /** I by layer */
  readonly influence: Readonly<Record<Sublayer, readonly number[]>>;
  readonly directions: Readonly<Record<Sublayer, Float64Array>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** @param neutral prompts that ask for no emotion @returns one circuit for each emotion */
export async function findCircuits(
  { means, heads }: GroupsRead,
  neutral: readonly (readonly Message[])[],
  shape: Shape,
  budget: Budget,
  weights: Weights,
  lab: Pick<Lab, "read" | "model" | "signal" | "weights">,
  progress: (fraction: number, message: string) => void,
): Promise<FoundCircuit[]> {
  const L = shape.layers;
  const directions = { attn: directionsOf(means.centred("attn"), L), mlp: directionsOf(means.centred("mlp"), L) };
  const references = directions.attn.map((attn, e) => referenceOf(attn, directions.mlp[e]!, L));
  const sigma = means.sigma();
  const pushed = await influences({ directions, references, sigma }, neutral, lab, (fraction) =>
    progress(0.9 * fraction, "pushing each sublayer"),
  );
  const contributions = directions.mlp.map((): Float64Array[] => []);
  for (let layer = 0; layer < L; layer++) {
    lab.signal.throwIfAborted();
    const down = await weights.down(layer);
    directions.mlp.forEach((direction, e) => {
      contributions[e]!.push(contributionsOf(down, rowAt(direction, layer, L), rowAt(means.meanMid(e), layer, L)));
    });
    progress(0.9 + (0.1 * layer) / L, "weighing neurons");
  }
  const differences = { mid: means.centred("mid"), heads: means.centred("heads") };
  const whole = budgetOf(L, shape.heads);
  return references.map((_, e): FoundCircuit => {
    const influence = pushed[e]!;
    const own = { attn: directions.attn[e]!, mlp: directions.mlp[e]! };
    const neuronPlan = planLayers(budget.neurons ?? whole.neurons, FEWEST_NEURONS, influence.mlp, fill(L, shape.neurons));
    const headPlan = planLayers(budget.heads ?? whole.heads, fewestHeads(shape.heads), influence.attn, fill(L, shape.heads));
    const importances = heads[e]!.map((sums, layer) => sums.importance(rowAt(own.attn, layer, L)));
    const neurons = take(neuronPlan, contributions[e]!);
    const chosenHeads = take(headPlan, importances);
    const value = {
      neurons: neurons.map(({ layer, index }) => differences.mid[e]![layer * shape.neurons + index]!),
      heads: chosenHeads.flatMap(({ layer, index }) => {
        const at = (layer * shape.heads + index) * shape.headDim;
        return [...differences.heads[e]!.subarray(at, at + shape.headDim)];
      }),
    };
    const tensors = new Map<string, Tensor>([
      ...listTensors("neuron", neurons, "contribution", value.neurons, [neurons.length]),
      ...listTensors("head", chosenHeads, "importance", value.heads, [chosenHeads.length, shape.headDim]),
      ["direction.attn", { shape: [L, shape.width], data: Float32Array.from(own.attn) }],
      ["direction.mlp", { shape: [L, shape.width], data: Float32Array.from(own.mlp) }],
      ["sigma", { shape: [2, L], data: Float32Array.from([...sigma.attn, ...sigma.mlp]) }],
      ["influence", { shape: [2, L], data: Float32Array.from([...influence.attn, ...influence.mlp]) }],
    ]);
    return { neurons, heads: chosenHeads, influence, directions: own, tensors };
  });
}

function fill(length: number, value: number): number[] {
  return new Array<number>(length).fill(value);
}

/** The first of each layer by falling score. */
function take(plan: readonly number[], scores: readonly ArrayLike<number>[]): Taken[] {
  return plan.flatMap((count, layer) =>
    ranked(scores[layer]!)
      .slice(0, count)
      .map((index) => ({ layer, index, score: scores[layer]![index]! })),
  );
}

function listTensors(
  name: string,
  taken: readonly Taken[],
  score: string,
  values: readonly number[],
  shape: readonly number[],
): [string, Tensor][] {
  const column = (of: (one: Taken) => number): Tensor => ({ shape: [taken.length], data: Float32Array.from(taken, of) });
  return [
    [`${name}.layer`, column(({ layer }) => layer)],
    [`${name}.index`, column(({ index }) => index)],
    [`${name}.${score}`, column((one) => one.score)],
    [`${name}.value`, { shape, data: Float32Array.from(values) }],
  ];
}
