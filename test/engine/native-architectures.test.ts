/** Every offered site of every architecture is live; every other one is refused by name, with a reason. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARCHITECTURES, makeModel, UNUSUAL } from "../support/models/index.ts";
import { distance, forward, NOTHING, noise, openNative, sequenceOf } from "../support/native.ts";

const TOKENS = [1, 40, 99, 7, 300, 12];

const ATTENTION = ["attn.heads", "attn.out", "attn.add"];
const MLP = ["mlp.gate", "mlp.up", "mlp.act", "mlp.mid", "mlp.out", "mlp.add"];
const all = (sites: readonly string[], reason: RegExp) => Object.fromEntries(sites.map((site) => [site, reason]));

/** Sites that an architecture must refuse, by the words of the reason; all others must be live. */
const REFUSED: Record<string, Record<string, RegExp>> = {
  mixtral: all(MLP, /mixture of experts/),
  minicpm3: all(["attn.add", "mlp.add"], /not this value as it is/),
  talkie: all(["attn.add", "mlp.add"], /more than attention and MLP/),
  nanbeige: all([...ATTENTION, ...MLP], /serve more than one pass/),
  hrm_text: { ...all(ATTENTION, /serve more than one pass/), ...all(MLP, /serve more than one pass/), final: /does not pass/ },
};

/** Of layers by turns recurrent, MLP without a gate, attention. */
function refusedInTurns(site: string, layer: number): RegExp | undefined {
  if (layer % 3 !== 2 && ATTENTION.includes(site)) return /no attention output matrix/;
  if (layer % 3 !== 1 && MLP.includes(site)) return /has no MLP/;
  return site === "mlp.gate" ? /no gate/ : undefined;
}

describe("native core: architectures", () => {
  const folder = mkdtempSync(join(tmpdir(), "tiller-arch-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const architecture of [...ARCHITECTURES, ...UNUSUAL.filter((name) => name !== "dots1")]) {
    for (const type of ["F32", "Q8_0"] as const) {
      it(`${architecture} in ${type}`, async () => {
        const open = await openNative(
          makeModel(join(folder, `${architecture}-${type}.gguf`), { architecture, type, seed: 11, size: { layers: 6 } }),
        );
        try {
          const { vocabulary } = open.model.facts();
          const context = open.context({ threads: 1 });
          const plain = await forward(context, sequenceOf(TOKENS), vocabulary);
          const refusal = (site: string, layer: number) =>
            architecture === "nemotron_h" ? refusedInTurns(site, layer) : REFUSED[architecture]?.[site];
          for (const { site, layer, width, live, reason } of open.model.sites()) {
            const expected = refusal(site, layer);
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
