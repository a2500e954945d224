/** One native sequence and who has it now. */
import type { Binding } from "../steering/binding.ts";
import type { Hold } from "../steering/steering.ts";
import { PrefixCache } from "./cache.ts";
import type { Task } from "./task.ts";

export interface Sequence {
  readonly id: number;
  readonly cache: PrefixCache;
  task: Task | null;
  binding: Binding | null;
  hold: Hold | null;
  /** whose further stream it is */
  leader: Sequence | null;
  /** its own further streams: they are read, fed and freed with it */
  companions: readonly Sequence[];
  /** positions that were given to a decode: the next one to feed */
  fed: number;
  /** how many decodes there had been when its steering last changed */
  moved: number;
  /** when it was last taken or left, larger is later */
  used: number;
  /** its rows in the batch that runs */
  row: number;
  rows: number;
}

export function createSequences(count: number): Sequence[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    cache: new PrefixCache(),
    task: null,
    binding: null,
    hold: null,
    leader: null,
    companions: [],
    fed: 0,
    moved: -1,
    used: 0,
    row: 0,
    rows: 0,
  }));
}

/** All that is decoded in lock-step with it, itself first. */
export function lockStepOf(sequence: Sequence): Sequence[] {
  const leader = sequence.leader ?? sequence;
  return [leader, ...leader.companions];
}
