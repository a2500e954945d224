/** Reading text with accumulators on every neuron, as identification does, against reading it plainly. */
import type { NativeContext } from "../../../daemon/engine/model/native.ts";
import { NOTHING } from "../../support/native.ts";
import { compare, lengthFor, rate } from "../measure.ts";
import { feed, places, promptRows, withNative } from "../native.ts";
import type { Row } from "../types.ts";

const LENGTH = 512;
const CLASSES = 4;

export const identifyPrefill: Row = {
  id: "identify.prefill",
  title: "identification pass with accumulators / plain prefill",
  bar: 0.85,
  better: "higher",
  run: (bench) =>
    withNative(bench, async (open) => {
      const plain = open.context();
      const reading = open.context();
      const sites = places(open.model, "mlp.mid").map(({ site, layer }) => ({ site, layer }));
      reading.configure({ ...NOTHING, taps: sites });
      reading.setAccumulators({ sites, classes: CLASSES, bins: 0, low: 0, high: 0 });
      const rows = promptRows(0, LENGTH);
      const classes = Int32Array.from(rows, (_, i) => i % CLASSES);
      const read = async (context: NativeContext, labels: Int32Array | null): Promise<void> => {
        context.seqRemove(0, -1, -1);
        await feed(context, rows, labels);
      };
      await read(plain, null);
      const passes = lengthFor(bench, (await rate(LENGTH, () => read(plain, null))) / LENGTH, 1, 100);
      const side = (context: NativeContext, labels: Int32Array | null) => () =>
        rate(LENGTH * passes, async () => {
          for (let pass = 0; pass < passes; pass++) await read(context, labels);
        });
      return [await compare(bench, { ours: side(reading, classes), base: side(plain, null) })];
    }),
};
