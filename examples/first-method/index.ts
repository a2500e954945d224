/** Your first method: one vector, the same at every layer, that an experiment draws at random. It finds nothing; it shows the parts. */
import * as z from "zod";
import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput } from "../../compiler/types.ts";
import type { Experiment, Method } from "../contract.ts";
import { making, seed } from "../shared/params.ts";
import { generator } from "../shared/random.ts";

const BodySchema = z.object({ norm: z.number().positive() }).strict();
type Body = z.infer<typeof BodySchema>;

/** What a preset may write under `with:`. */
const SettingsSchema = z
  .object({
    layer: z.number().int().min(0).default(1).describe("the layer that it acts at").meta({ title: "Layer" }),
  })
  .strict();
type Settings = z.infer<typeof SettingsSchema>;

const ParamsSchema = z
  .object({ ...making, norm: z.number().min(0.01).max(1000).default(4).describe("length of the vector"), seed: seed("of the vector") })
  .strict();
type Params = z.infer<typeof ParamsSchema>;

const draw: Experiment<Params> = {
  id: "nudge/draw",
  title: "Draw a nudge",
  summary: "Draws a vector at random.",
  params: ParamsSchema,
  produces: ["artifact"],
  needs: [],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  estimate: () => ({ tokens: 0, bytes: 0 }),
  run: async (params, lab) => {
    const { facts, fingerprint, quantisation } = lab.model;
    const next = generator(params.seed);
    const raw = Float32Array.from({ length: facts.width }, () => next() - 0.5);
    const length = Math.hypot(...raw);
    const meta = {
      id: params.id,
      title: params.title ?? "Nudge",
      description: params.description ?? "",
      method: { id: "nudge/draw", version: 1, params: { norm: params.norm } },
      model: { architecture: facts.architecture, fingerprint, quantisation, layers: facts.layers, width: facts.width },
      provenance: { created: lab.created, seed: params.seed, inputs: [], source: "drawn" },
      body: { norm: params.norm } satisfies Body,
    };
    const data = raw.map((value) => (value / length) * params.norm);
    const report = [{ type: "prose" as const, id: "what", text: `A vector of length ${params.norm}.` }];
    return { artifact: lab.save({ meta, tensors: new Map([["vector", { shape: [facts.width], data }]]) }, params.replace).id, report };
  },
};

const place = ({ settings: { layer } }: ControlInput<Settings>) => ({ site: "resid" as const, layer });

export const nudge: Method<Settings, Body> = {
  id: "nudge",
  title: "Nudge",
  summary: "A vector that is added at one layer.",
  kind: "nudge",
  citations: [],
  body: BodySchema,
  control: { params: SettingsSchema, unit: "the vector as it was drawn", ranges: [{ when: {}, range: [-4, 4] }] },
  compile: (input) => {
    if (input.strength === 0) return { ops: [] };
    const values = input.artifact.tensors.get("vector")!.data;
    const { name: control, scope, strength: amount } = input;
    return { ops: [{ kind: "element", mode: "add", ...place(input), control, scope, indices: null, values, amount }] };
  },
  places: (input) => [place(input)],
  describe: ({ settings: { layer } }) => ({ text: `(nudge) at ${formatLayers([layer])}` }),
  formats: [],
  experiments: [draw as Experiment],
};
