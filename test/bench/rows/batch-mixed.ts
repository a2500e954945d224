/** Eight sequences in one batch, each steered differently, against eight plain ones. */
import { compare, lengthFor } from "../measure.ts";
import { decodeRate, type Edit, places, profile, topology, withNative } from "../native.ts";
import type { Row } from "../types.ts";

const SEQUENCES = 8;

export const batchMixed: Row = {
  id: "batch.mixed",
  title: "8 sequences in one batch, 8 different steerings / 8 plain",
  bar: 0.9,
  better: "higher",
  run: (bench) =>
    withNative(bench, async (open) => {
      const options = { nCtx: 8192 };
      const plain = open.context(options);
      const steered = open.context(options);
      const edits: Edit[] = [
        { places: places(open.model, "mlp.mid"), scale: true, shift: true },
        { places: places(open.model, "resid"), scale: false, shift: true },
      ];
      steered.configure(topology(edits));
      for (let sequence = 0; sequence < SEQUENCES; sequence++) steered.writeProfile(sequence + 1, profile(edits, sequence));
      const steps = lengthFor(bench, (await decodeRate(plain, SEQUENCES, 4)) / SEQUENCES, 8, 400);
      const bind = () => {
        for (let sequence = 0; sequence < SEQUENCES; sequence++) steered.bind(sequence, 0, sequence + 1);
      };
      const ours = () => decodeRate(steered, SEQUENCES, steps, bind);
      return [await compare(bench, { ours, base: () => decodeRate(plain, SEQUENCES, steps) })];
    }),
};
