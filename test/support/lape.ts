/** LAPE written from its formulas alone, as slowly as it likes: what the program's is compared with. */

export function plainLape(
  p: readonly (readonly number[])[],
  { rate, filter, bar }: { readonly rate: number; readonly filter: number; readonly bar: number },
): { taken: number[]; owned: number[][] } {
  const n = p[0]!.length;
  const languages = p.map((_, k) => k);
  const all = p.flat().sort((a, b) => a - b);
  // the value of that rank, counted from 1
  const rank = (share: number) => all[Math.round(share * all.length) - 1]!;
  const entropies: { j: number; entropy: number }[] = [];
  for (let j = 0; j < n; j++) {
    if (Math.max(...languages.map((k) => p[k]![j]!)) <= rank(filter)) continue;
    const total = languages.reduce((sum, k) => sum + p[k]![j]!, 0);
    const q = languages.map((k) => p[k]![j]! / total);
    entropies.push({ j, entropy: -q.reduce((sum, value) => sum + (value === 0 ? 0 : value * Math.log(value)), 0) });
  }
  entropies.sort((a, b) => a.entropy - b.entropy || a.j - b.j);
  const taken = entropies
    .slice(0, Math.round(rate * n))
    .map(({ j }) => j)
    .sort((a, b) => a - b);
  return { taken, owned: languages.map((k) => taken.filter((j) => p[k]![j]! > rank(bar))) };
}
