/** Sets of neurons beside each other: overlap, depth, and how much they change with more text. Pure. */

/** Shared neurons over all of both sets; 1 for two empty ones. */
export function jaccard(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const first = new Set(Array.from(a));
  const shared = Array.from(b).reduce((sum, id) => sum + (first.has(id) ? 1 : 0), 0);
  const all = first.size + b.length - shared;
  return all === 0 ? 1 : shared / all;
}

/** Neurons in each layer. @param widths of the layers, whose neurons are numbered through */
export function byLayer(neurons: ArrayLike<number>, widths: readonly number[]): number[] {
  const counts = widths.map(() => 0);
  const ends = widths.map(
    (
      (sum) => (width) =>
        (sum += width)
    )(0),
  );
  for (const id of Array.from(neurons)) counts[ends.findIndex((end) => id < end)]!++;
  return counts;
}

/** Shares of the counts in each quarter of the depth, the first quarter first. */
export function quarters(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shares = [0, 0, 0, 0];
  counts.forEach((count, layer) => {
    shares[Math.floor((layer * 4) / counts.length)]! += total === 0 ? 0 : count / total;
  });
  return shares;
}

/**
 * Tokens per language at which a doubling would change less than `wanted` of the sets, if each doubling goes on to shrink the
 * change by the same factor as the last one did. null: the last doubling changed them as much as the one before.
 * @param half Jaccard of a quarter of the tokens beside half of them. @param whole of half beside all
 */
export function suggestedTokens(tokens: number, half: number, whole: number, wanted = 0.1): number | null {
  if (1 - whole <= wanted) return tokens;
  const factor = (1 - whole) / (1 - half);
  if (!(factor > 0 && factor < 1)) return null;
  return tokens * 2 ** Math.ceil(Math.log(wanted / (1 - whole)) / Math.log(factor));
}

/** Names in an order in which similar ones stand together: the two most similar groups (mean over pairs) are joined, again and again. */
export function clustered(count: number, similarity: (a: number, b: number) => number): number[] {
  let groups = Array.from({ length: count }, (_, i) => [i]);
  while (groups.length > 1) {
    let best = { a: 0, b: 1, value: Number.NEGATIVE_INFINITY };
    for (let a = 0; a < groups.length; a++)
      for (let b = a + 1; b < groups.length; b++) {
        const pairs = groups[a]!.flatMap((x) => groups[b]!.map((y) => similarity(x, y)));
        const value = pairs.reduce((sum, one) => sum + one, 0) / pairs.length;
        if (value > best.value) best = { a, b, value };
      }
    const joined = [...groups[best.a]!, ...groups[best.b]!];
    groups = [...groups.filter((_, index) => index !== best.a && index !== best.b), joined];
  }
  return groups[0] ?? [];
}
