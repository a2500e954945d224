/** How far a push at each sublayer reaches the end of the model (methods card, step 7), read under plans at the prompt's last token. */
import { planOfOps } from "../../compiler/ops-plan.ts";
import type { Message } from "../../protocol/api/generate.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Lab } from "../contract.ts";
import { project } from "../shared/separation.ts";
import { SUBLAYERS, type Sublayer } from "./means.ts";
import { aligned, influenceOf, rowAt, STRENGTHS } from "./reference.ts";

/** Plans of one reading. */
const PART = 64;

export interface Pushed {
  /** v of each emotion at both sublayers, [L × d] */
  readonly directions: Readonly<Record<Sublayer, readonly Float64Array[]>>;
  /** v_ref of each emotion */
  readonly references: readonly Float64Array[];
  /** σ by layer */
  readonly sigma: Readonly<Record<Sublayer, Float64Array>>;
}

/** @param prompts that ask for no emotion @returns by emotion, sublayer and layer */
export async function influences(
  { directions, references, sigma }: Pushed,
  prompts: readonly (readonly Message[])[],
  lab: Pick<Lab, "read" | "model" | "signal">,
  progress: (fraction: number) => void,
): Promise<Record<Sublayer, number[]>[]> {
  const layers = sigma.attn.length;
  const wanted = references.flatMap((reference, emotion) =>
    SUBLAYERS.flatMap((sublayer) =>
      Array.from({ length: layers }, (_, layer) => {
        const direction = aligned(rowAt(directions[sublayer][emotion]!, layer, layers), reference);
        return { emotion, sublayer, layer, direction, sigma: sigma[sublayer][layer]! };
      }),
    ),
  );
  const turns = prompts.map((prompt) => [...prompt]);
  const plain = await finals(turns, [null], lab, () => undefined);
  const out = references.map((): Record<Sublayer, number[]> => ({ attn: [], mlp: [] }));
  const each = Math.max(1, Math.floor(PART / STRENGTHS.length));
  for (let from = 0; from < wanted.length; from += each) {
    lab.signal.throwIfAborted();
    const part = wanted.slice(from, from + each);
    const plans = part.flatMap(({ sublayer, layer, direction, sigma: size }) =>
      STRENGTHS.map((strength) => pushPlan(`${sublayer}.add`, layer, direction, strength * size, lab)),
    );
    const read = await finals(turns, plans, lab, (fraction) => progress((from + fraction * part.length) / wanted.length));
    part.forEach(({ emotion, sublayer, sigma: size }, index) => {
      const along = (rows: readonly Float32Array[]): number[] => rows.map((row) => project(row, references[emotion]!));
      const pushed = STRENGTHS.map((_, a) => along(read[index * STRENGTHS.length + a]!));
      out[emotion]![sublayer].push(influenceOf(along(plain[0]!), pushed, STRENGTHS, size));
    });
  }
  return out;
}

function pushPlan(
  site: "attn.add" | "mlp.add",
  layer: number,
  direction: Float64Array,
  amount: number,
  { model }: Pick<Lab, "model">,
): SteeringPlan {
  const values = Float32Array.from(direction);
  return planOfOps(
    [{ kind: "element", mode: "add", site, layer, control: "push", scope: "writing", indices: null, values, amount }],
    model,
  );
}

/** The final hidden state at the last token, by plan and prompt. */
async function finals(
  turns: readonly Message[][],
  plans: readonly (SteeringPlan | null)[],
  lab: Pick<Lab, "read">,
  progress: (fraction: number) => void,
): Promise<Float32Array[][]> {
  const { data, width } = await lab.read(
    {
      texts: plans.flatMap(() => [...turns]),
      render: "chat",
      site: "final",
      layers: [0],
      readAt: "prompt-end",
      plans: [...plans],
      planOf: plans.flatMap((_, plan) => turns.map(() => plan)),
    },
    progress,
  );
  return plans.map((_, plan) =>
    turns.map((_, turn) => data.subarray((plan * turns.length + turn) * width, (plan * turns.length + turn + 1) * width)),
  );
}
