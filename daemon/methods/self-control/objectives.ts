/**
 * What a prefix is trained for, with its slope: the likelihood of answers that a search found; the mean squared distance to the
 * states that it put the prompt into, in mean squares of each layer (SelfControl, section 3.2); or the suffix score itself. The
 * prefix stands where serving puts it; the rest of the model is plain.
 */
import type { Message } from "../../protocol/api/generate.ts";
import type { EngineGradient, PlacedRows } from "../../protocol/engine-api.ts";
import type { Lab } from "../contract.ts";
import { answersOf, type Suffix, turnsOf } from "./score.ts";

export type Example =
  | { readonly objective: "answers"; readonly prompt: readonly Message[]; readonly answer: string }
  /** of each layer, the rows of the whole prompt, and the layer's mean square */
  | { readonly objective: "states"; readonly prompt: readonly Message[]; readonly states: readonly State[] }
  | { readonly objective: "score"; readonly prompt: readonly Message[]; readonly answer: string; readonly suffixes: readonly Suffix[] };

export interface State {
  readonly layer: number;
  readonly rows: number;
  /** [rows × d] */
  readonly values: Float32Array;
  readonly meanSquare: number;
}

/** What is trained. */
export interface Controller {
  readonly rows: number;
  /** [n × d] */
  readonly values: Float32Array;
  /** with a shift at `resid` */
  readonly layers: readonly number[];
  /** [n × d] each */
  readonly shifts: readonly Float32Array[];
}

export const groupsOf = ({ values, shifts }: Controller): Float32Array[] => [values, ...shifts];

/** @param at position of the prefix's first row @returns loss and its slope by each group */
export async function slopeAt(
  example: Example,
  controller: Controller,
  at: number,
  lab: Pick<Lab, "gradient">,
): Promise<{ loss: number; slopes: Float32Array[] }> {
  const { rows, values, layers, shifts } = controller;
  const base = {
    embeddings: { from: at, insert: true, values },
    shifts: layers.map((layer, i): PlacedRows => ({ site: "resid", layer, from: at, rows, values: shifts[i]! })),
    wants: [
      { site: "embd", layer: 0, what: "gradient" } as const,
      ...layers.map((layer) => ({ site: "resid", layer, what: "gradient" }) as const),
    ],
  };
  let loss = 0;
  const slopes = groupsOf(controller).map((group) => new Float32Array(group.length));
  const asked = lossesOf(example, rows, at);
  for (const one of asked) {
    const result = await lab.gradient({ ...base, ...one });
    loss += result.loss / asked.length;
    for (const [k, slope] of slopes.entries()) {
      const width = slope.length / rows;
      const own = result.wanted[k]!.subarray(at * width, (at + rows) * width);
      for (let i = 0; i < slope.length; i++) slope[i]! += own[i]! / asked.length;
    }
  }
  return { loss, slopes };
}

type Loss = Pick<EngineGradient, "messages"> & Partial<Pick<EngineGradient, "answers" | "states">>;

/** Several: their mean. */
function lossesOf(example: Example, rows: number, at: number): Loss[] {
  const messages = [...example.prompt];
  switch (example.objective) {
    case "answers":
      return [{ messages, answers: [{ text: example.answer, tokens: null, weight: 1 }] }];
    case "states": {
      const { states } = example;
      const target = ({ layer, rows: all, values, meanSquare }: State): EngineGradient["states"][number] => ({
        ...{ site: "resid", layer, from: at + rows, rows: all - at },
        values: values.subarray((values.length / all) * at),
        weight: 1 / (states.length * meanSquare),
      });
      return [{ messages, states: states.map(target) }];
    }
    case "score":
      return example.suffixes.map((suffix) => ({ messages: turnsOf(example.prompt, example.answer, suffix), answers: answersOf(suffix) }));
    default:
      return example satisfies never;
  }
}
