/**
 * Rows of the native profile tables, shared by content: equal fingerprints share a slot, and a slot that nobody uses keeps
 * its rows until it is needed, so that going back and forth writes nothing. Slot 0 is identity.
 */
import { PLAIN_FINGERPRINT } from "./lowered.ts";

interface Slot {
  fingerprint: string | null;
  holders: number;
  used: number;
}

export class ProfileSlots {
  readonly #slots: Slot[];
  readonly #byFingerprint = new Map<string, number>();
  #clock = 0;

  constructor(count: number) {
    this.#slots = Array.from({ length: count }, () => ({ fingerprint: null, holders: 0, used: 0 }));
  }

  /** @returns null when every slot is in use; `fresh` when its rows must be written */
  acquire(fingerprint: string): { readonly slot: number; readonly fresh: boolean } | null {
    if (fingerprint === PLAIN_FINGERPRINT) return { slot: 0, fresh: false };
    const known = this.#byFingerprint.get(fingerprint);
    if (known !== undefined) {
      this.#take(known);
      return { slot: known, fresh: false };
    }
    let free = -1;
    for (let slot = 1; slot < this.#slots.length; slot++) {
      if (this.#slots[slot]!.holders > 0) continue;
      if (free < 0 || this.#slots[slot]!.used < this.#slots[free]!.used) free = slot;
    }
    if (free < 0) return null;
    const slot = this.#slots[free]!;
    if (slot.fingerprint !== null) this.#byFingerprint.delete(slot.fingerprint);
    slot.fingerprint = fingerprint;
    this.#byFingerprint.set(fingerprint, free);
    this.#take(free);
    return { slot: free, fresh: true };
  }

  release(slot: number): void {
    if (slot === 0) return;
    this.#slots[slot]!.holders--;
    this.#slots[slot]!.used = ++this.#clock;
  }

  /** After a new topology every row is gone: unused slots are forgotten. @returns the slots in use, to be written again */
  reset(): number[] {
    const live: number[] = [];
    this.#slots.forEach((slot, index) => {
      if (slot.fingerprint === null) return;
      if (slot.holders > 0) live.push(index);
      else {
        this.#byFingerprint.delete(slot.fingerprint);
        slot.fingerprint = null;
      }
    });
    return live;
  }

  #take(slot: number): void {
    this.#slots[slot]!.holders++;
    this.#slots[slot]!.used = ++this.#clock;
  }
}
