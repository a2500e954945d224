/** Names that were probably meant. Pure and without zod. */

/** `Did you mean 'joyful'? `, to go before what else is advised; empty when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = similar(name, candidates);
  return found === null ? "" : `Did you mean '${found}'? `;
}

/** The nearest name, of those that differ in one letter, or in a third of them. null: none is near. */
export function similar(name: string, candidates: Iterable<string>): string | null {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

/** Letters left out, added or exchanged, and neighbours that changed places (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, exchanged, swapped);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
