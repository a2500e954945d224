/** Waiting work, fair between clients: each client's own requests keep their order, and clients take turns. */

export interface Waiting {
  readonly id: string;
  readonly client: string;
}

export class FairQueue<T extends Waiting> {
  /** Insertion order is the order of turns. */
  readonly #lines = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const line = this.#lines.get(item.client);
    if (line === undefined) this.#lines.set(item.client, [item]);
    else line.push(item);
    this.#size++;
  }

  /** Whose turn it is, without taking it. */
  peek(): T | undefined {
    for (const line of this.#lines.values()) return line[0];
    return undefined;
  }

  shift(): T | undefined {
    for (const [client, line] of this.#lines) {
      const item = line.shift();
      this.#lines.delete(client);
      if (line.length > 0) this.#lines.set(client, line);
      if (item !== undefined) this.#size--;
      return item;
    }
    return undefined;
  }

  find(id: string): T | undefined {
    for (const line of this.#lines.values()) for (const item of line) if (item.id === id) return item;
    return undefined;
  }

  remove(id: string): T | undefined {
    for (const [client, line] of this.#lines) {
      const index = line.findIndex((item) => item.id === id);
      if (index < 0) continue;
      const [item] = line.splice(index, 1);
      if (line.length === 0) this.#lines.delete(client);
      this.#size--;
      return item;
    }
    return undefined;
  }

  drain(): T[] {
    const items = [...this.#lines.values()].flat();
    this.#lines.clear();
    this.#size = 0;
    return items;
  }
}
