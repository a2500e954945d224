/**
 * Room for one more model: those that nothing uses make way, the one used longest ago first. Sizes are those of the files, with a
 * quarter more for what a context takes at first; what the system can give without swapping is what it says is available.
 */

export interface Resident {
  readonly id: string;
  readonly sizeBytes: number;
  /** answers and jobs that use it now */
  readonly users: number;
  /** counts up with every use, over all models */
  readonly lastUsed: number;
}

export interface Room {
  /** models that may be loaded at once; 0: as many as there is memory for */
  readonly models: number;
  readonly availableBytes: number;
}

const SLACK = 1.25;

/**
 * @param coming the size of the file that is to be loaded, bytes
 * @returns the ids to unload, in order, and whether that makes the number of models right; memory that does not suffice all the
 *   same is for the loader to judge, which knows the context
 */
export function makeWay(loaded: readonly Resident[], coming: number, { models, availableBytes }: Room): { ids: string[]; enough: boolean } {
  const idle = loaded.filter(({ users }) => users === 0).sort((a, b) => a.lastUsed - b.lastUsed);
  const ids: string[] = [];
  let count = loaded.length;
  let available = availableBytes;
  const crowded = (): boolean => models > 0 && count >= models;
  for (const { id, sizeBytes } of idle) {
    if (!crowded() && available >= SLACK * coming) break;
    ids.push(id);
    count--;
    available += SLACK * sizeBytes;
  }
  return { ids, enough: !crowded() };
}
