/** Pure. Token-aligned difference of two answers: the longest common subsequence of their tokens. */

export interface Alignment {
  /** indices of tokens that the other side does not have there */
  readonly left: ReadonlySet<number>;
  readonly right: ReadonlySet<number>;
  readonly common: number;
  /** index of the first token that differs; null when one is the beginning of the other */
  readonly first: number | null;
}

/** Beyond this many cells the middle part counts as different throughout: honest, and never slow. */
const MAX_CELLS = 4_000_000;

export function align(left: readonly number[], right: readonly number[]): Alignment {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let endLeft = left.length;
  let endRight = right.length;
  while (endLeft > start && endRight > start && left[endLeft - 1] === right[endRight - 1]) {
    endLeft--;
    endRight--;
  }
  const onlyLeft = new Set<number>();
  const onlyRight = new Set<number>();
  for (let i = start; i < endLeft; i++) onlyLeft.add(i);
  for (let i = start; i < endRight; i++) onlyRight.add(i);
  if ((endLeft - start) * (endRight - start) <= MAX_CELLS)
    for (const [i, j] of commonPairs(left.slice(start, endLeft), right.slice(start, endRight))) {
      onlyLeft.delete(start + i);
      onlyRight.delete(start + j);
    }
  const ends = start === left.length || start === right.length;
  return { left: onlyLeft, right: onlyRight, common: left.length - onlyLeft.size, first: ends ? null : start };
}

function commonPairs(left: readonly number[], right: readonly number[]): [number, number][] {
  const columns = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * columns);
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      lengths[i * columns + j] =
        left[i] === right[j]
          ? lengths[(i + 1) * columns + j + 1]! + 1
          : Math.max(lengths[(i + 1) * columns + j]!, lengths[i * columns + j + 1]!);
  const pairs: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * columns + j]! >= lengths[i * columns + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
