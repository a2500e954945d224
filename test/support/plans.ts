/** Steering plans written by hand, for tests that need no compiler: as rows, and as the daemon asks for them. */
import { createHash } from "node:crypto";
import { numbersId } from "../../daemon/compiler/hash.ts";
import { type LoweredEdits, type LoweredPlan, PLAIN_EDITS } from "../../daemon/engine/steering/lowered.ts";
import { type EngineGenerate, engineGenerate } from "../../daemon/protocol/engine-api.ts";
import type { Numbers, NumbersId, PlanColumn, PlanTerm, SteeringPlan } from "../../daemon/protocol/plan.ts";
import type { Phase } from "../../daemon/protocol/rules/columns.ts";
import { type SiteName, siteKey } from "../../daemon/protocol/sites.ts";

export { PLAIN_EDITS };

export function shiftEdits(site: SiteName, layer: number, shift: ArrayLike<number>): LoweredEdits {
  const values = Float32Array.from(shift);
  const fingerprint = createHash("sha256").update(`${site} ${layer} ${values.join()}`).digest("hex");
  return { element: [{ site, layer, indices: null, scale: null, shift: values }], columns: [], fingerprint };
}

/** Prompt and answer under the same edits, or each under its own. */
export function rowsOf(answer: LoweredEdits, prompt: LoweredEdits = answer, name = "test"): LoweredPlan {
  const element = [...prompt.element, ...answer.element].map(({ site, layer, scale, shift }) => ({
    site,
    layer,
    scale: scale !== null,
    shift: shift !== null,
  }));
  const columns = [...prompt.columns, ...answer.columns];
  return {
    prompt: { variants: [prompt] },
    last: { variants: [prompt] },
    answer: { variants: [answer] },
    prefix: [],
    gates: [],
    reserve: { element, columns },
    report: { steered: true, summary: `steered: ${name}`, controls: [] },
  };
}

export function planOf(answer: LoweredEdits, prompt: LoweredEdits = answer, name = "test"): SteeringPlan {
  return asked(rowsOf(answer, prompt, name));
}

/** What asks for these rows. Every edit is dense; all variants but the last are plain, as the compiler makes them. */
export function asked({ prompt, answer, gates, reserve, report }: LoweredPlan): SteeringPlan {
  const numbers = new Map<NumbersId, Numbers>();
  const keep = (array: Numbers): NumbersId => {
    numbers.set(numbersId(array), array);
    return numbersId(array);
  };
  const columns: PlanColumn[] = reserve.columns.map(({ site, layer, id, v, u }) => ({ site, layer, id, v: keep(v), u: keep(u) }));
  const terms: PlanTerm[] = [];
  const amounts: number[] = [];
  const add = (term: PlanTerm, amount: number): void => {
    terms.push(term);
    amounts.push(amount);
  };
  const widths = new Map<string, number>();
  for (const [scope, { variants }] of Object.entries({ prompt, answer }) as [Exclude<Phase, "last">, typeof prompt][]) {
    const { element, columns: used } = variants.at(-1)!;
    for (const { site, layer, scale, shift } of element) {
      widths.set(siteKey({ site, layer }), (scale ?? shift)!.length);
      const base = { kind: "element", site, layer, control: "test", scope, indices: null } as const;
      if (scale !== null) add({ ...base, mode: "scale", values: keep(scale) }, 1);
      if (shift !== null) add({ ...base, mode: "add", values: keep(shift) }, 1);
    }
    for (const column of used) {
      if (column.floor === null) throw new Error("only floors are written by hand");
      const base = { kind: "direction", site: column.site, layer: column.layer, control: "test", scope } as const;
      add({ ...base, mode: "floor", column: columns.findIndex(({ id }) => id === column.id) }, column.floor);
    }
  }
  const places = [...new Map(reserve.element.map((place) => [siteKey(place), place])).values()].map((place) => ({
    ...place,
    ...{ scale: true, shift: true, width: widths.get(siteKey(place)) ?? 0 },
  }));
  const rest = {
    terms,
    places,
    columns,
    gates: gates.map((gate) => ({ ...gate, probe: { ...gate.probe, vector: keep(gate.probe.vector) } })),
  };
  const id = createHash("sha256").update(JSON.stringify(rest)).digest("hex");
  return { topology: { id, ...rest }, numbers, amounts: Float64Array.from(amounts), report };
}

let names = 0;

/** A greedy request of 8 tokens, changed as told. */
export function requestOf<Plan = SteeringPlan>(changes: Partial<EngineGenerate<Plan>> = {}): EngineGenerate<Plan> {
  return engineGenerate({ id: `test:${++names}`, plan: null, sampling: { temperature: 0, maxTokens: 8 }, ...changes });
}
