/** Reads the prompts of all groups at their last token, in one pass, into means and sums. */
import { setImmediate as immediate } from "node:timers/promises";
import type { Message } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Lab } from "../contract.ts";
import { norm } from "../shared/numbers.ts";
import { HeadSums } from "./heads.ts";
import { GroupMeans, type Reading, type Shape } from "./means.ts";
import { READ_SITES, type Weights } from "./model-parts.ts";

/** Groups of one reading: what comes back of it lies in memory at once. */
const PART = 8;
/** Groups of which the residual is kept to see how well emotions can be told apart at each layer. */
const KEPT = 32;
/** Where the residual does not add up, this model is not built as the steps assume. */
const TOLERANCE = 0.02;

/** One group: its prompts, one for each emotion, and which of them count. */
export interface GroupPrompts {
  readonly prompts: readonly (readonly Message[])[];
  readonly counted: readonly boolean[];
}

export interface GroupsRead {
  readonly means: GroupMeans;
  /** by emotion and layer */
  readonly heads: readonly (readonly HeadSums[])[];
  /** residual after the MLP of some complete groups, by group and emotion, [L × d] */
  readonly kept: readonly (readonly Float32Array[])[];
}

/** @throws TillerError not-supported where block outputs are not the sum of what went in and what both sublayers add */
export async function readGroups(
  groups: readonly GroupPrompts[],
  shape: Shape,
  weights: Weights,
  lab: Pick<Lab, "read" | "signal" | "model">,
  progress: (fraction: number) => void,
): Promise<GroupsRead> {
  const E = groups[0]!.prompts.length;
  const means = new GroupMeans(shape, E);
  const heads = Array.from({ length: E }, () => Array.from({ length: shape.layers }, () => new HeadSums(shape.heads, shape.width)));
  const kept: Float32Array[][] = [];
  for (let from = 0; from < groups.length; from += PART) {
    lab.signal.throwIfAborted();
    const part = groups.slice(from, from + PART);
    const rows = await readPart(part, shape, lab, (fraction) => progress((from + fraction * part.length) / groups.length));
    for (const [index, { counted }] of part.entries()) {
      const own = rows.slice(index * E, (index + 1) * E);
      means.add(own, counted);
      if (kept.length < KEPT && counted.every((one) => one)) kept.push(own.map(({ mlp }) => mlp));
    }
    for (let layer = 0; layer < shape.layers; layer++) {
      const attention = await weights.attention(layer);
      rows.forEach((row, index) => {
        if (part[Math.floor(index / E)]!.counted[index % E] !== true) return;
        const at = <T extends keyof PartRow>(site: T, width: number): Float32Array =>
          row[site].subarray(layer * width, (layer + 1) * width);
        heads[index % E]![layer]!.add(
          at("attn", shape.width),
          at("added", shape.width),
          at("heads", shape.heads * shape.headDim),
          attention,
        );
      });
      await immediate();
    }
  }
  return { means, heads, kept };
}

interface PartRow extends Reading {
  /** what attention added, [L × d] */
  readonly added: Float32Array;
}

async function readPart(
  groups: readonly GroupPrompts[],
  { layers }: Shape,
  lab: Pick<Lab, "read" | "model">,
  progress: (fraction: number) => void,
): Promise<PartRow[]> {
  const [site, ...also] = READ_SITES;
  const read = await lab.read(
    {
      texts: groups.flatMap(({ prompts }) => prompts.map((turns) => [...turns])),
      render: "chat",
      site,
      also: [...also],
      layers: Array.from({ length: layers }, (_, layer) => layer),
      readAt: "prompt-end",
    },
    progress,
  );
  const sites = [read, ...read.also];
  const rows = read.texts.map((_, text): PartRow => {
    const [resid, attn, mlp, mid, heads] = sites.map(({ data, width }) =>
      data.subarray(text * layers * width, (text + 1) * layers * width),
    );
    return {
      attn: resid!.map((value, i) => value - mlp![i]!),
      mlp: resid!,
      mid: mid!,
      heads: heads!,
      added: attn!,
    };
  });
  checkSums(rows[0]!, layers, read.width, lab.model.id);
  return rows;
}

function checkSums({ attn, mlp, added }: PartRow, layers: number, width: number, model: string): void {
  for (let layer = 1; layer < layers; layer++) {
    const [from, to] = [layer * width, (layer + 1) * width];
    const before = mlp.subarray(from - width, to - width);
    const off = norm(attn.subarray(from, to).map((value, i) => value - added[from + i]! - before[i]!));
    if (off > TOLERANCE * norm(before))
      throw new TillerError(
        "not-supported",
        `emotion circuits need blocks that add attention and then the MLP to the residual; layer ${layer} of ${model} does something else`,
      );
  }
}
