/**
 * How many neurons or heads of each layer a circuit has (methods card, step 9): a minimum for each layer, the rest in proportion
 * to the sublayers' influence, by floor and then by largest remainder, at most 0.4·K extra in a layer. What a layer has no room
 * for goes to the layers with the largest plan.
 */

/** Of what is given out, at most this share of K is one layer's beyond its minimum. */
export const MOST_EXTRA = 0.4;

/** The study's budget, for 28 layers with 24 heads: 10 for each of 2·L sublayers, 70 % neurons and 30 % heads, which are a quarter of all. */
export function budgetOf(layers: number, heads: number): { neurons: number; heads: number } {
  return { neurons: 14 * layers, heads: Math.max(layers, Math.round((layers * heads) / 4)) };
}

/** The study's minimum of 2 of 24 heads, as the same share. */
export function fewestHeads(heads: number): number {
  return Math.max(1, Math.round(heads / 12));
}
export const FEWEST_NEURONS = 4;

/**
 * @param budget K @param least minimum of each layer @param influence by layer; what is not above 0 gets only the minimum
 * @param room how many each layer has
 * @returns by layer; they sum to K, or to all that there are
 */
export function planLayers(budget: number, least: number, influence: readonly number[], room: readonly number[]): number[] {
  const layers = influence.length;
  const base = Math.min(least, Math.floor(budget / layers));
  const rest = budget - base * layers;
  const weights = influence.map((one) => Math.max(one, 0));
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const most = Math.floor(MOST_EXTRA * budget);
  const shares = weights.map((weight) => (whole === 0 ? rest / layers : (rest * weight) / whole));
  const extra = shares.map((share) => Math.min(Math.floor(share), most));
  let left = rest - extra.reduce((sum, one) => sum + one, 0);
  const byRemainder = order(shares.map((share) => share - Math.floor(share)));
  for (const layer of byRemainder) {
    if (left === 0) break;
    if (extra[layer]! >= most || shares[layer] === 0) continue;
    extra[layer]!++;
    left--;
  }
  const plan = extra.map((one, layer) => Math.min(base + one, room[layer]!));
  left = budget - plan.reduce((sum, one) => sum + one, 0);
  for (const layer of order(plan)) {
    const more = Math.min(left, room[layer]! - plan[layer]!);
    plan[layer]! += more;
    left -= more;
  }
  return plan;
}

function order(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[b]! - values[a]! || a - b);
}
