/** Waiting work, fair: accounts (tokens) take turns, within each its clients do, and each client's requests keep their order. */

export interface Waiting {
  readonly id: string;
  readonly account: string;
  readonly client: string;
}

/** Keys in the order of their turns: who has had one goes to the end. */
class Turns<V> extends Map<string, V> {
  get first(): [string, V] | undefined {
    return this.entries().next().value;
  }

  /** @param left whether anything of it still waits */
  had(key: string, value: V, left: boolean): void {
    this.delete(key);
    if (left) this.set(key, value);
  }
}

export class FairQueue<T extends Waiting> {
  readonly #accounts = new Turns<Turns<T[]>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    const clients = this.#accounts.get(item.account) ?? new Turns<T[]>();
    const line = clients.get(item.client) ?? [];
    line.push(item);
    clients.set(item.client, line);
    this.#accounts.set(item.account, clients);
    this.#size++;
  }

  /** Whose turn it is, without taking it. */
  peek(): T | undefined {
    return this.#accounts.first?.[1].first?.[1][0];
  }

  shift(): T | undefined {
    const [account, clients] = this.#accounts.first ?? [];
    const [client, line] = clients?.first ?? [];
    const item = line?.shift();
    if (item === undefined) return undefined;
    clients!.had(client!, line!, line!.length > 0);
    this.#accounts.had(account!, clients!, clients!.size > 0);
    this.#size--;
    return item;
  }

  find(id: string): T | undefined {
    for (const item of this.#all()) if (item.id === id) return item;
    return undefined;
  }

  remove(id: string): T | undefined {
    const item = this.find(id);
    if (item === undefined) return undefined;
    const clients = this.#accounts.get(item.account)!;
    const line = clients.get(item.client)!;
    line.splice(line.indexOf(item), 1);
    if (line.length === 0) clients.delete(item.client);
    if (clients.size === 0) this.#accounts.delete(item.account);
    this.#size--;
    return item;
  }

  drain(): T[] {
    const items = [...this.#all()];
    this.#accounts.clear();
    this.#size = 0;
    return items;
  }

  *#all(): Generator<T> {
    for (const clients of this.#accounts.values()) for (const line of clients.values()) yield* line;
  }
}
