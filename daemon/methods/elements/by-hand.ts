/** Elements that somebody chose: neurons, heads or coordinates with the values that they get. */
import * as z from "zod";
import type { CompileModel, Tensor } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import { SCOPES } from "../../protocol/preset.ts";
import { SITES } from "../../protocol/sites.ts";
import type { Experiment } from "../contract.ts";
import { hashJson } from "../shared/hash.ts";
import { making, provenance } from "../shared/params.ts";
import { ELEMENT_MODES, type ElementMode, type ElementsBody } from "./body.ts";

const chosen = z.number().int().min(0).max(1_000_000);

const GroupSchema = z
  .object({
    site: z.enum(SITES),
    layer: z.number().int().min(0).max(1023),
    indices: z.array(chosen).min(1).max(100_000).optional().describe("elements of the site; either these or `heads`"),
    heads: z.array(chosen).min(1).max(1024).optional().describe("at attn.heads: whole heads"),
    values: z
      .union([z.number().finite(), z.array(z.number().finite()).min(1).max(100_000)])
      .describe("one for all, or one for each index or head"),
    mode: z.enum(Object.keys(ELEMENT_MODES) as [ElementMode, ...ElementMode[]]).default("add"),
    scope: z.enum(SCOPES).default("all"),
  })
  .strict()
  .refine(({ indices, heads }) => (indices === undefined) !== (heads === undefined), "give exactly one of indices and heads");

const ByHandSchema = z
  .object({
    ...making,
    groups: z
      .array(GroupSchema)
      .min(1)
      .max(1024)
      .describe("each at one site and layer, such as {site: mlp.mid, layer: 3, indices: [5, 17], values: 2}")
      .meta({ title: "Groups", widget: "json" }),
    ...provenance,
  })
  .strict();
type ByHand = z.infer<typeof ByHandSchema>;

export const byHand: Experiment<ByHand> = {
  id: "elements/by-hand",
  title: "Elements by hand",
  summary: "Neurons, attention heads or coordinates that you choose, with the values that they are moved by, scaled by or replaced with.",
  params: ByHandSchema,
  produces: ["artifact"],
  needs: [],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: ByHand) => {
    if (asked.id.startsWith("elements/")) return asked;
    throw new TillerError("invalid-params", `id: elements are called elements/…, such as elements/${asked.id.split("/")[1]}`, {
      field: "id",
    });
  },
  estimate: () => ({ tokens: 0, bytes: 0 }),
  run: async (params, lab) => {
    const { model } = lab;
    const groups = params.groups.map((group, index) => groupOf(group, index, model));
    const body: ElementsBody = { groups: groups.map(({ indices, values: _, ...group }) => ({ ...group, count: indices.length })) };
    const tensors = new Map<string, Tensor>(
      groups.flatMap(({ indices, values }, index): [string, Tensor][] => [
        [`indices.${index}`, { shape: [indices.length], data: Float32Array.from(indices) }],
        [`values.${index}`, { shape: [values.length], data: Float32Array.from(values) }],
      ]),
    );
    const { id, replace, title = id.split("/")[1]!, description = "" } = params;
    const { facts, fingerprint, quantisation } = model;
    const input = { name: "groups by hand", hash: hashJson(params.groups), count: groups.length, licence: params.licence ?? "not stated" };
    const meta = {
      id,
      title,
      description,
      method: { id: "elements/by-hand", version: 1, params: {} },
      model: {
        architecture: facts.architecture,
        fingerprint,
        quantisation,
        ...(facts.rope === null ? {} : { rope: facts.rope }),
        layers: facts.layers,
        width: facts.width,
      },
      provenance: { created: lab.created, seed: 0, inputs: [input], source: params.source ?? "" },
      body,
    };
    return { artifact: lab.save({ meta, tensors }, replace).id };
  },
};

interface Chosen extends Omit<ElementsBody["groups"][number], "count"> {
  readonly indices: number[];
  readonly values: number[];
}

/** @throws TillerError naming the group and what of it the model does not have */
function groupOf(
  { site, layer, indices, heads, values, mode, scope }: ByHand["groups"][number],
  index: number,
  model: CompileModel,
): Chosen {
  const field = `groups.${index}`;
  const there = model.sites.find((candidate) => candidate.site === site && candidate.layer === layer);
  if (there === undefined || !there.live)
    throw new TillerError(
      "not-steerable",
      `${field}: ${site} at layer ${layer} cannot be steered in ${model.id}: ${there?.reason ?? "it does not exist"}`,
      { field },
    );
  if (heads !== undefined && site !== "attn.heads")
    throw new TillerError("invalid-params", `${field}.heads: ${site} has no heads; attn.heads has`, { field: `${field}.heads` });
  const names = heads ?? indices!;
  const each = typeof values === "number" ? names.map(() => values) : values;
  if (each.length !== names.length)
    throw new TillerError("invalid-params", `${field}.values: there are ${each.length} for ${names.length} elements`, {
      field: `${field}.values`,
    });
  const span = heads === undefined ? 1 : model.facts.headDim;
  const all = names.flatMap((name, i) => Array.from({ length: span }, (_, k) => ({ at: name * span + k, value: each[i]! })));
  const beyond = all.find(({ at }) => at >= there.width);
  if (beyond !== undefined)
    throw new TillerError("out-of-range", `${field}: element ${beyond.at} does not exist; ${site} is ${there.width} wide`, { field });
  if (new Set(all.map(({ at }) => at)).size !== all.length)
    throw new TillerError("invalid-params", `${field}: an element is named twice`, { field });
  return { site, layer, mode, scope, indices: all.map(({ at }) => at), values: all.map(({ value }) => value) };
}
