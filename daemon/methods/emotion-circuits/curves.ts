/**
 * What the first k neurons or heads of a layer do to the projection s = ⟨h, v⟩ behind their own sublayer (methods card, step 6):
 * set to zero, and with the difference vector added, beside as many random ones. Read under plans at the prompt's last token.
 */
import { planOfOps } from "../../compiler/ops-plan.ts";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Message } from "../../protocol/api/generate.ts";
import type { ElementOp } from "../../protocol/ops.ts";
import type { Lab } from "../contract.ts";
import { average } from "../shared/numbers.ts";
import { shuffled } from "../shared/random.ts";
import { project } from "../shared/separation.ts";
import { type CircuitLayer, circuitOf } from "./body.ts";
import type { Sublayer } from "./means.ts";

const DRAWS = 3;
const COUNTS = [1, 2, 4, 8, 16, 32];

export interface CurvePoint {
  readonly emotion: string;
  readonly part: "neurons" | "heads";
  readonly act: "zero" | "enhance";
  readonly which: "top" | "random";
  readonly k: number;
  /** mean change of s, in units of σ */
  readonly change: number;
}

interface Wanted extends Omit<CurvePoint, "emotion" | "change"> {
  readonly op: ElementOp;
}

/** @param prompts that ask for the emotion @returns of the layer with the most parts of each kind */
export async function curvesOf(
  artifact: LoadedArtifact,
  prompts: readonly (readonly Message[])[],
  seed: number,
  lab: Pick<Lab, "read" | "model" | "signal">,
): Promise<CurvePoint[]> {
  const circuit = circuitOf(artifact);
  const points: CurvePoint[] = [];
  for (const part of ["neurons", "heads"] as const) {
    lab.signal.throwIfAborted();
    const at = circuit.layers.reduce((most, one) => (one[part].length > most[part].length ? one : most));
    const wanted = wantedOf(part, at, circuit.body.headDim, seed, lab);
    const sublayer: Sublayer = part === "neurons" ? "mlp" : "attn";
    const direction = circuit.direction(sublayer, at.layer);
    const turns = prompts.map((prompt) => [...prompt]);
    const plans = [null, ...wanted.map(({ op }) => planOfOps([op], lab.model))];
    const { data, width } = await lab.read({
      texts: plans.flatMap(() => turns),
      render: "chat",
      site: `${sublayer}.add`,
      layers: [at.layer],
      readAt: "prompt-end",
      plans,
      planOf: plans.flatMap((_, plan) => turns.map(() => plan)),
    });
    const s = (plan: number): number =>
      average(
        turns.map((_, turn) =>
          project(direction, data.subarray((plan * turns.length + turn) * width, (plan * turns.length + turn + 1) * width)),
        ),
      );
    const size = circuit.sigma(sublayer, at.layer) || 1;
    points.push(...wanted.map(({ op: _, ...point }, i) => ({ ...point, emotion: circuit.body.emotion, change: (s(i + 1) - s(0)) / size })));
  }
  return points;
}

function wantedOf(part: "neurons" | "heads", at: CircuitLayer, headDim: number, seed: number, { model }: Pick<Lab, "model">): Wanted[] {
  const span = part === "neurons" ? 1 : headDim;
  const site = part === "neurons" ? "mlp.mid" : "attn.heads";
  const own = at[part];
  const values = part === "neurons" ? at.neuronValues : at.headValues;
  const width = model.sites.find((one) => one.site === site && one.layer === at.layer)!.width / span;
  const others = Array.from({ length: DRAWS }, (_, draw) => shuffled(width, seed + draw).filter((unit) => !own.includes(unit)));
  const counts = COUNTS.filter((k) => k <= own.length && k <= others[0]!.length);
  return counts.flatMap((k) =>
    [
      { which: "top" as const, units: [...own.slice(0, k)] },
      ...others.map((order) => ({ which: "random" as const, units: order.slice(0, k) })),
    ].flatMap(({ which, units }) =>
      (["zero", "enhance"] as const).map((act): Wanted => {
        const indices = Int32Array.from(units.flatMap((unit) => Array.from({ length: span }, (_, i) => unit * span + i)));
        const op: ElementOp = {
          ...({ kind: "element", site, layer: at.layer, control: "curve", scope: "writing", indices, amount: 1 } as const),
          ...(act === "zero"
            ? { mode: "scale", values: new Float32Array(indices.length) }
            : { mode: "add", values: values.slice(0, indices.length) }),
        };
        return { part, act, which, k, op };
      }),
    ),
  );
}
