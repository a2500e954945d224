/** Seeded random numbers for weights: xoshiro128**, the same on every machine. */

export interface Random {
  /** 32 random bits */
  next(): number;
  /** uniform in [0, 1) */
  uniform(): number;
  /** roughly normal, mean 0 and deviation 1 (a sum of four uniforms: bounded, which suits weights) */
  normal(): number;
}

export function random(seed: number): Random {
  const state = new Uint32Array(4);
  let mix = seed >>> 0;
  for (let i = 0; i < 4; i++) {
    // splitmix32 spreads a small seed over the state
    mix = (mix + 0x9e3779b9) >>> 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    state[i] = z ^ (z >>> 16);
  }
  const rotate = (value: number, by: number) => ((value << by) | (value >>> (32 - by))) >>> 0;
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(state[1]!, 5) >>> 0, 7), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = rotate(state[3]!, 11);
    return result;
  };
  const uniform = () => next() / 4294967296;
  // a sum of four uniforms has variance 4/12
  const normal = () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
  return { next, uniform, normal };
}

/** Stable 32-bit hash of a name (FNV-1a), so that a tensor's values depend on the seed and its own name only. */
export function nameSeed(name: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
