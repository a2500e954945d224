/**
 * Keeps the native topology and profiles in step with what runs. The topology grows while something runs and shrinks only
 * when nothing does; strengths, gates and holds are rows and bindings, which rebuild nothing.
 */
import { TillerError } from "../../protocol/errors.ts";
import { PHASES } from "../../protocol/rules/columns.ts";
import type { NativeContext } from "../model/native.ts";
import { Binding } from "./binding.ts";
import type { LoweredEdits, LoweredPlan } from "./lowered.ts";
import { ProfileSlots } from "./profiles.ts";
import { EMPTY_LAYOUT, type Layout, layOut, type Needs, needsOf, offers, profileRows, sameSize, toNative } from "./topology.ts";

/** Something that needs a part of the topology until it is released. */
export interface Hold {
  readonly needs: Needs;
}

export class Steering {
  readonly #context: NativeContext;
  readonly #slots: ProfileSlots;
  readonly #maxProfiles: number;
  readonly #holds = new Set<Hold>();
  /** by slot: what its rows hold */
  readonly #edits = new Map<number, LoweredEdits>();
  #layout: Layout = EMPTY_LAYOUT;
  /** from which staging version on each of the last layouts holds, oldest first */
  readonly #history: { readonly version: number; readonly layout: Layout }[] = [{ version: 0, layout: EMPTY_LAYOUT }];

  constructor(context: NativeContext, maxProfiles: number) {
    this.#context = context;
    this.#maxProfiles = maxProfiles;
    this.#slots = new ProfileSlots(maxProfiles - 1);
  }

  /** What the next decode runs under. */
  get layout(): Layout {
    return this.#layout;
  }

  /** The layout that a decode of this staging version ran under. */
  layoutAt(version: number): Layout {
    while (this.#history.length > 1 && this.#history[1]!.version <= version) this.#history.shift();
    return this.#history[0]!.layout;
  }

  /** @throws TillerError not-steerable when a site is not live */
  hold(needs: Needs): Hold {
    const hold = { needs };
    const alone = this.#holds.size === 0;
    this.#holds.add(hold);
    try {
      if (!offers(this.#layout, needs)) this.#configure(layOut([...this.#holds].map((one) => one.needs)));
      else if (alone) {
        const exact = layOut([needs]);
        if (!sameSize(this.#layout, exact)) this.#configure(exact);
      }
    } catch (error) {
      this.#holds.delete(hold);
      throw new TillerError("not-steerable", error instanceof Error ? error.message : String(error));
    }
    return hold;
  }

  release(hold: Hold): void {
    this.#holds.delete(hold);
  }

  /**
   * Profiles for every variant of a plan, and for each row of its prefix.
   * @param at position of the prefix's first row
   * @returns null when too few slots are free now
   * @throws TillerError overloaded when it would not fit even alone
   */
  bind(sequence: number, plan: LoweredPlan | null, at = 0): Binding | null {
    if (plan !== null) {
      const all = [...plan.prompt.variants, ...plan.last.variants, ...plan.answer.variants, ...plan.prefix];
      const wanted = new Set(all.map((edits) => edits.fingerprint)).size;
      if (wanted > this.#maxProfiles - 2)
        throw new TillerError("overloaded", `this steering needs ${wanted} profiles, the model was loaded for ${this.#maxProfiles - 2}`, {
          suggestion: "Use fewer gates or shorter prefixes, or load the model with a larger maxProfiles.",
        });
    }
    const [prompt, last, answer] = PHASES.map((phase) => plan?.[phase].variants ?? []) as [LoweredEdits[], LoweredEdits[], LoweredEdits[]];
    const slots = this.#acquire([...prompt, ...last, ...answer, ...(plan?.prefix ?? [])]);
    if (slots === null) return null;
    const ends = [prompt.length, prompt.length + last.length, prompt.length + last.length + answer.length] as const;
    return new Binding(this.#context, sequence, plan, {
      prompt: slots.slice(0, ends[0]),
      last: slots.slice(ends[0], ends[1]),
      answer: slots.slice(ends[1], ends[2]),
      prefix: { at, slots: slots.slice(ends[2]) },
    });
  }

  needs(plan: LoweredPlan | null, probes: Needs["probes"], taps: Needs["taps"]): Needs {
    return needsOf(plan, probes, taps);
  }

  /** The native side has no topology any more, and nothing runs on one. */
  forget(): void {
    this.#slots.reset();
    this.#edits.clear();
    this.#configure(EMPTY_LAYOUT);
  }

  unbind(slots: readonly number[]): void {
    for (const slot of slots) this.#slots.release(slot);
  }

  #acquire(variants: readonly LoweredEdits[]): number[] | null {
    const slots: number[] = [];
    for (const edits of variants) {
      const taken = this.#slots.acquire(edits.fingerprint);
      if (taken === null) {
        this.unbind(slots);
        return null;
      }
      slots.push(taken.slot);
      if (!taken.fresh) continue;
      this.#edits.set(taken.slot, edits);
      this.#context.writeProfile(taken.slot, profileRows(edits, this.#layout));
    }
    return slots;
  }

  #configure(layout: Layout): void {
    const version = this.#context.configure(toNative(layout));
    this.#layout = layout;
    this.#history.push({ version, layout });
    const live = new Set(this.#slots.reset());
    for (const slot of this.#edits.keys()) if (!live.has(slot)) this.#edits.delete(slot);
    for (const slot of live) this.#context.writeProfile(slot, profileRows(this.#edits.get(slot)!, layout));
  }
}
