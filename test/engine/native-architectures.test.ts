/** Every offered site of every architecture is live; every other one is refused by name, with a reason. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARCHITECTURES, makeModel } from "../support/models/index.ts";
import { distance, forward, NOTHING, noise, openNative, sequenceOf } from "../support/native.ts";

const TOKENS = [1, 40, 99, 7, 300, 12];

/** Sites that an architecture must refuse, by the words of the reason; all others must be live. */
const REFUSED: Record<string, Record<string, RegExp>> = {
  mixtral: Object.fromEntries(
    ["mlp.gate", "mlp.up", "mlp.act", "mlp.mid", "mlp.out", "mlp.add"].map((site) => [site, /mixture of experts/]),
  ),
};

describe("native core: architectures", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-arch-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const architecture of ARCHITECTURES) {
    for (const type of ["F32", "Q8_0"] as const) {
      it(`${architecture} in ${type}`, async () => {
        const open = await openNative(makeModel(join(folder, `${architecture}-${type}.gguf`), { architecture, type, seed: 11 }));
        try {
          const { vocabulary } = open.model.facts();
          const context = open.context();
          const plain = await forward(context, sequenceOf(TOKENS), vocabulary);
          const refused = REFUSED[architecture] ?? {};
          for (const { site, layer, width, live, reason } of open.model.sites()) {
            const expected = refused[site];
            assert.equal(live, expected === undefined, `${site}@${layer}: ${reason}`);
            if (!live) {
              assert.match(reason!, expected!);
              assert.throws(
                () => context.configure({ ...NOTHING, element: [{ site, layer, scale: false, shift: true }] }),
                (error) => error instanceof Error && error.message.includes(site) && expected!.test(error.message),
              );
              continue;
            }
            context.seqRemove(0, -1, -1);
            context.configure({ ...NOTHING, element: [{ site, layer, scale: false, shift: true }], taps: [{ site, layer }] });
            const untouched = await forward(context, sequenceOf(TOKENS), vocabulary);
            assert.ok(
              distance(untouched.logits, plain.logits) <= (type === "F32" ? 1e-5 : 3e-2),
              `${site}@${layer}: identity changes the output by ${distance(untouched.logits, plain.logits)}`,
            );
            const seen = untouched.sites.get(`${site}@${layer}`)!;
            assert.ok(
              seen.every((row) => row.length === width && row.some((value) => value !== 0)),
              `${site}@${layer} is read`,
            );
            context.seqRemove(0, -1, -1);
            const size = Math.max(...seen.map((row) => Math.max(...row.map(Math.abs))));
            context.writeProfile(1, {
              element: [{ site, layer, indices: null, scale: null, shift: noise(width, 3).map((value) => value * size) }],
              banks: [],
            });
            context.bind(0, 0, 1);
            const edited = await forward(context, sequenceOf(TOKENS), vocabulary);
            assert.ok(
              distance(edited.logits, plain.logits) > 1e-4,
              `${site}@${layer} is live: its edit changes the output (${distance(edited.logits, plain.logits)})`,
            );
            assert.ok(
              distance(edited.sites.get(`${site}@${layer}`)!, seen) <=
                (site === "resid" || layer > 0 || type === "Q8_0" ? Number.POSITIVE_INFINITY : 1),
              "read before the edit",
            );
          }
        } finally {
          await open.close();
        }
      });
    }
  }
});
