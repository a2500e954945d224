/** The MLP neurons whose values differ most between two steerings that read the same text. */
import type { TillerClient } from "../../daemon/client/client.ts";
import { type Frame, frameRow } from "../../daemon/client/frame.ts";
import type { ParamsIn } from "../../daemon/protocol/api/index.ts";

export interface NeuronChange {
  readonly layer: number;
  readonly index: number;
  readonly left: number;
  readonly right: number;
}

const MOST = 12;

type Steering = ParamsIn<"tap.run">["steering"];

/** @param tokens what both read; the last one is looked at. null: this model's hidden values cannot be read */
export async function neuronChanges(
  client: TillerClient,
  model: string,
  tokens: readonly number[],
  left: Steering,
  right: Steering,
): Promise<NeuronChange[] | null> {
  try {
    const [a, b] = [await lastRow(client, model, tokens, left), await lastRow(client, model, tokens, right)];
    return strongest(a, b);
  } catch {
    return null;
  }
}

/** By layer; @returns the largest differences, the largest first */
export function strongest(left: ReadonlyMap<number, Float32Array>, right: ReadonlyMap<number, Float32Array>, most = MOST): NeuronChange[] {
  const all: NeuronChange[] = [];
  for (const [layer, values] of left) {
    const other = right.get(layer);
    if (other !== undefined) for (const [index, value] of values.entries()) all.push({ layer, index, left: value, right: other[index]! });
  }
  return all.sort((a, b) => Math.abs(b.right - b.left) - Math.abs(a.right - a.left)).slice(0, most);
}

async function lastRow(
  client: TillerClient,
  model: string,
  tokens: readonly number[],
  steering: Steering,
): Promise<Map<number, Float32Array>> {
  const rows = new Map<number, Float32Array>();
  const keep = (frame: Frame): void => {
    const { layers, firstToken, rows: count } = frame.header;
    const row = tokens.length - 1 - firstToken;
    if (row < 0 || row >= count) return;
    for (const layer of layers) rows.set(layer, Float32Array.from(frameRow(frame, row, layer)!));
  };
  await client.tap(
    { model, tokens: [...tokens], sites: ["mlp.mid"], logits: false, ...(steering === undefined ? {} : { steering }) },
    keep,
  );
  return rows;
}
