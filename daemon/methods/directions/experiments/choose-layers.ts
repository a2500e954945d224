/** Layers and unit of a direction that is there, by what they do to pairs that it was not found from. */
import * as z from "zod";
import type { LoadedArtifact } from "../../../compiler/types.ts";
import { ContrastPairSchema } from "../../../protocol/artifact.ts";
import { TillerError } from "../../../protocol/errors.ts";
import { JudgeChoiceSchema } from "../../../protocol/evaluation.ts";
import { ArtifactIdSchema } from "../../../protocol/preset.ts";
import type { Experiment } from "../../contract.ts";
import { making, seed, tokensOf } from "../../shared/params.ts";
import { bodyOf, type DirectionBody } from "../body.ts";
import { chooseByEffect } from "../choose/choose.ts";
import { judged, neutralTexts, promptsOf, readBack } from "../choose/material.ts";
import { scorable } from "../choose/sweep.ts";
import { layerDirection } from "../direction.ts";
import { directionOf } from "../known.ts";

const ChooseSchema = z
  .object({
    ...making,
    of: ArtifactIdSchema.describe("the direction").meta({ title: "Direction", widget: "artifact" }),
    pairs: z
      .array(ContrastPairSchema)
      .min(4)
      .max(200)
      .describe("answers with and without the property, such as it was not found from")
      .meta({ title: "Contrast pairs", widget: "pairs" }),
    judge: JudgeChoiceSchema.optional()
      .describe("sees the property in answers; left out: answers are read along the direction")
      .meta({ title: "Judge, if any", widget: "judge" }),
    seed: seed("of the answers"),
  })
  .strict();
type Choose = z.infer<typeof ChooseSchema>;

/** Of a sweep: candidates × strengths × pairs, roughly. */
const RUNS = 42;

export const chooseLayers: Experiment<Choose> = {
  id: "directions/choose-layers",
  title: "Layers by effect",
  summary:
    "Tries a direction at single layers and groups, by the likelihood of held-out answers and by what the model writes, and keeps it with the layers and the unit that do most before text suffers.",
  params: ChooseSchema,
  produces: ["artifact", "report"],
  needs: ["chat-template"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Choose, library) => {
    directionOf(asked.of, library);
    if (asked.judge !== undefined) library.checkJudge(asked.judge, "judge", ["en"]);
    const bare = asked.pairs.findIndex(({ positive, negative }) => !scorable(positive, "raw") || !scorable(negative, "raw"));
    if (bare < 0) return asked;
    throw new TillerError(
      "invalid-params",
      `pairs.${bare}: a conversation must end with an answer, for its likelihood is what is measured`,
      {
        field: `pairs.${bare}`,
      },
    );
  },
  estimate: ({ pairs }) => ({
    tokens: RUNS * pairs.slice(0, PAIRS).reduce((sum, pair) => sum + tokensOf(JSON.stringify(pair)), 0),
    bytes: 0,
  }),
  run: async ({ id, replace, title, description, of, pairs, judge, seed: number }, lab) => {
    const artifact = directionOf(of, lab);
    const body = bodyOf(artifact.meta);
    const { unit: _, low: __, ...bare } = body;
    const live = lab.model.sites.filter(({ site, layer, live: steerable }) => site === body.site && steerable && has(artifact, layer));
    const probe = layerDirection(artifact, body.probeLayer);
    const choice = await chooseByEffect(
      {
        artifact: { ...artifact, meta: { ...artifact.meta, body: bare } },
        live: live.map(({ layer }) => layer),
        usual: body.layers,
        texts: { pairs: pairs.slice(0, PAIRS), neutral: neutralTexts(lab) },
        prompts: promptsOf(pairs, lab),
        seed: number,
        shown:
          judge === undefined
            ? readBack(body.probeLayer, probe, body.site, lab)
            : judged((texts) =>
                lab.scores(
                  judge,
                  texts.map((text) => ({ text })),
                ),
              ),
      },
      lab,
      (fraction, what) => lab.progress(fraction, what),
    );
    if (choice === null)
      throw new TillerError("not-supported", `${of} moves nothing at any layer before text suffers`, {
        suggestion: "Find it from more pairs, or from pairs that show the property more clearly.",
      });
    const { tiller: _tiller, kind: _kind, data: _data, hash: _hash, receipts: _receipts, ...meta } = artifact.meta;
    const found = {
      ...meta,
      id,
      title: title ?? meta.title,
      description: description ?? meta.description,
      body: { ...bare, layers: [...choice.layers], unit: choice.unit, low: choice.low } satisfies DirectionBody,
    };
    return { artifact: lab.save({ meta: found, tensors: artifact.tensors }, replace).id, report: choice.report };
  },
};

const PAIRS = 10;

function has(artifact: LoadedArtifact, layer: number): boolean {
  const { data, shape } = artifact.tensors.get("vector")!;
  const [layers, width] = shape as [number, number];
  return layer < layers && data.subarray(layer * width, (layer + 1) * width).some((value) => value !== 0);
}
