/** What this process was sent of racks: arrays once, however many racks and answers use them. The daemon says what may go. */
import type { Numbers, NumbersId, SentPlan } from "../../protocol/plan.ts";
import { numbersOf } from "../../protocol/rules/numbers.ts";
import { lower, type Prepared, prepare } from "./lower.ts";
import type { LoweredPlan } from "./lowered.ts";

export class HeldPlans {
  readonly #topologies = new Map<string, Prepared>();
  readonly #numbers = new Map<NumbersId, { readonly array: Numbers; holders: number }>();

  /**
   * To be called with every plan in the order in which they came: each one builds on what came with those before it. What an
   * answer runs under stays with it, whatever is forgotten here.
   */
  open({ topology: id, amounts, report, fresh, forget }: SentPlan): LoweredPlan {
    if (fresh !== null) this.#keep(fresh);
    for (const one of forget) this.#forget(one);
    return lower(this.#topologies.get(id)!, amounts, report);
  }

  #keep({ topology, numbers }: NonNullable<SentPlan["fresh"]>): void {
    for (const [id, array] of numbers) this.#numbers.set(id, { array, holders: 0 });
    const arrays = new Map<NumbersId, Numbers>();
    for (const id of numbersOf(topology)) {
      const entry = this.#numbers.get(id)!;
      entry.holders++;
      arrays.set(id, entry.array);
    }
    this.#topologies.set(topology.id, prepare(topology, arrays));
  }

  #forget(id: string): void {
    for (const one of numbersOf(this.#topologies.get(id)!.topology)) {
      const entry = this.#numbers.get(one)!;
      if (--entry.holders === 0) this.#numbers.delete(one);
    }
    this.#topologies.delete(id);
  }
}
