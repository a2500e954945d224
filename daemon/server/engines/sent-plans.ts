/**
 * What one engine process holds of racks. A plan is sent with what it does not hold; a slider that moves sends amounts. The
 * arrays of the racks used last are kept there, bounded in bytes.
 */
import type { NumbersId, PlanTopology, SentPlan, SteeringPlan } from "../../protocol/plan.ts";
import { numbersOf } from "../../protocol/rules/numbers.ts";

/** Some hundreds of racks of a small model, a dozen of a large one. */
const LIMIT_BYTES = 64 * 1024 ** 2;
/** What a term, place or column takes beside its arrays, roughly. */
const PART_BYTES = 256;

export class SentPlans {
  readonly #limit: number;
  /** the one used longest ago first */
  readonly #topologies = new Map<string, PlanTopology>();
  readonly #numbers = new Map<NumbersId, { readonly bytes: number; holders: number }>();
  #bytes = 0;

  constructor(limit = LIMIT_BYTES) {
    this.#limit = limit;
  }

  /** Must be sent, and in the order in which it was packed. */
  pack({ topology, numbers, amounts, report }: SteeringPlan): SentPlan {
    const known = this.#topologies.delete(topology.id);
    this.#topologies.set(topology.id, topology);
    if (known) return { topology: topology.id, amounts, report, fresh: null, forget: [] };
    const coming = [...numbersOf(topology)];
    const missing = coming.filter((id) => !this.#numbers.has(id));
    for (const id of coming) this.#hold(id, numbers.get(id)!.byteLength);
    this.#bytes += partBytes(topology);
    // the new comes before the old goes: what both name stays
    const forget: string[] = [];
    for (const id of this.#topologies.keys()) {
      if (this.#bytes <= this.#limit || id === topology.id) break;
      this.#forget(id);
      forget.push(id);
    }
    const fresh = { topology, numbers: missing.map((id) => [id, numbers.get(id)!] as const) };
    return { topology: topology.id, amounts, report, fresh, forget };
  }

  #hold(id: NumbersId, bytes: number): void {
    const entry = this.#numbers.get(id);
    if (entry !== undefined) entry.holders++;
    else {
      this.#numbers.set(id, { bytes, holders: 1 });
      this.#bytes += bytes;
    }
  }

  #forget(id: string): void {
    const topology = this.#topologies.get(id)!;
    this.#bytes -= partBytes(topology);
    for (const one of numbersOf(topology)) {
      const entry = this.#numbers.get(one)!;
      if (--entry.holders > 0) continue;
      this.#numbers.delete(one);
      this.#bytes -= entry.bytes;
    }
    this.#topologies.delete(id);
  }
}

function partBytes({ terms, places, columns, gates }: PlanTopology): number {
  return (1 + terms.length + places.length + columns.length + gates.length) * PART_BYTES;
}
