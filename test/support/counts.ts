/** What an engine's accumulators must give, from values tapped token by token. */
import assert from "node:assert/strict";
import type { PlaceCounts } from "../../daemon/protocol/engine-api.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import { type EngineUnderTest, relativeError } from "./engine.ts";

/** Every value of every token, by a tap of each text. */
export async function countPlainly(
  engine: EngineUnderTest,
  sites: readonly SiteName[],
  texts: readonly Int32Array[],
  classOf: readonly number[],
  classes: number,
): Promise<PlaceCounts[]> {
  const out: PlaceCounts[] = [];
  for (const [text, tokens] of texts.entries()) {
    const tap = await engine.request("tap", {
      client: "test",
      prompt: null,
      tokens: [...tokens],
      sites: [...sites],
      layers: null,
      logits: false,
      plan: null,
    });
    tap.sites.forEach(({ site, layer, width, data }, index) => {
      out[index] ??= {
        site,
        layer,
        width,
        tokens: new Float64Array(classes),
        positive: new Float64Array(classes * width),
        sum: new Float64Array(classes * width),
        sumSquares: new Float64Array(classes * width),
        max: new Float32Array(classes * width).fill(Number.NEGATIVE_INFINITY),
        maxText: new Int32Array(classes * width).fill(-1),
        maxPosition: new Int32Array(classes * width).fill(-1),
      };
      const counts = out[index];
      const c = classOf[text]!;
      for (let t = 0; t < tokens.length; t++) {
        counts.tokens[c]!++;
        for (let j = 0; j < width; j++) {
          const [at, x] = [c * width + j, data[t * width + j]!];
          if (x > 0) counts.positive[at]!++;
          counts.sum[at]! += x;
          counts.sumSquares[at]! += x * x;
          if (x <= counts.max[at]!) continue;
          counts.max[at] = x;
          counts.maxText[at] = text;
          counts.maxPosition[at] = t;
        }
      }
    });
  }
  return out;
}

/** Batches of other shapes order their sums otherwise, so a value nearest to 0 may fall on either side of it. */
export function assertSameCounts(got: readonly PlaceCounts[], wanted: readonly PlaceCounts[]): void {
  assert.deepEqual(
    got.map(({ site, layer, width, tokens }) => [site, layer, width, [...tokens]]),
    wanted.map(({ site, layer, width, tokens }) => [site, layer, width, [...tokens]]),
  );
  got.forEach((counts, place) => {
    const other = wanted[place]!;
    const where = `${counts.site} ${counts.layer}`;
    const flips = counts.positive.reduce((sum, value, i) => sum + Math.abs(value - other.positive[i]!), 0);
    assert.ok(flips <= 2, `${where}: ${flips} counts differ`);
    for (const name of ["sum", "sumSquares", "max"] as const)
      assert.ok(relativeError(counts[name], other[name]) < 1e-5, `${where}: ${name} ${relativeError(counts[name], other[name])}`);
    const moved = counts.maxText.filter((text, i) => text !== other.maxText[i] || counts.maxPosition[i] !== other.maxPosition[i]);
    assert.ok(moved.length <= counts.width / 50, `${where}: ${moved.length} maxima lie elsewhere`);
  });
}
