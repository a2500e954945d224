/** Finds one circuit for each of six emotions: neurons and heads that write it, with what is added to them. */
import * as z from "zod";
import type { FoundArtifact } from "../../../compiler/types.ts";
import { TillerError } from "../../../protocol/errors.ts";
import type { Experiment, Lab } from "../../contract.ts";
import { hashJson } from "../../shared/hash.ts";
import { making } from "../../shared/params.ts";
import { instructionsField, LANGUAGE, tokensField, turnsOf } from "../asking.ts";
import type { CircuitBody } from "../body.ts";
import { discoverReport } from "../discover-report.ts";
import { ACCEPT, type Accept, acceptance, countedGroups, ElicitedSchema, elicit, promptsOf } from "../elicit.ts";
import { BRIEF, EMOTIONS, type Emotion } from "../emotions.ts";
import { type FoundCircuit, findCircuits } from "../find.ts";
import { shapeOf, Weights } from "../model-parts.ts";
import { type GroupPrompts, readGroups } from "../read-groups.ts";
import { groupsOf } from "../scenarios.ts";
import { separability } from "../separability.ts";

/** With fewer a mean says nothing. */
const FEWEST_GROUPS = 6;
const SHARES = { elicited: 0.7, read: 0.85 };

const DiscoverSchema = z
  .object({
    ...making,
    scenarios: z
      .number()
      .int()
      .min(8)
      .max(160)
      .default(160)
      .describe("of Tiller's own, each with three events")
      .meta({ title: "Scenarios" }),
    accept: z
      .enum(Object.keys(ACCEPT) as [Accept, ...Accept[]])
      .default("all")
      .describe("which scenarios count")
      .meta({ title: "Acceptance", widget: "select", options: ACCEPT }),
    neurons: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe("of each circuit; left out: 14 for each layer, as in the published study")
      .meta({ title: "Neurons", advanced: true }),
    heads: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .describe("of each circuit; left out: a quarter of all, as in the published study")
      .meta({ title: "Heads", advanced: true }),
    pushes: z
      .number()
      .int()
      .min(1)
      .max(256)
      .default(8)
      .describe("prompts that each sublayer's influence is a mean over")
      .meta({ title: "Prompts of the influence", advanced: true }),
    instructions: instructionsField,
    tokens: tokensField,
  })
  .strict();
export type Discover = z.infer<typeof DiscoverSchema>;

const CheckpointSchema = z.object({ elicited: z.array(ElicitedSchema) }).strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

export function circuitId(prefix: string, emotion: Emotion): string {
  return `${prefix}-${emotion}`;
}

export const discover: Experiment<Discover, Checkpoint> = {
  id: "emotion-circuits/discover",
  title: "Emotion circuits",
  summary:
    "Asks the model for six emotions in everyday scenarios, keeps what the judge accepts, and finds the neurons and heads that write each emotion: one artifact for each, named by emotion.",
  params: DiscoverSchema,
  produces: ["artifact", "report"],
  needs: ["gated-mlp", "chat-template"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id: circuitId(id, EMOTIONS[0]), replace }),
  prepare: (asked: Discover, library) => {
    library.checkJudge({ id: "emotion", label: "joy" }, "accept", [LANGUAGE]);
    if (!asked.id.startsWith("circuit/")) {
      const message = `id: emotion circuits are called circuit/…, such as circuit/${asked.id.split("/")[1]}`;
      throw new TillerError("invalid-params", message, { field: "id" });
    }
    const taken = asked.replace ? undefined : EMOTIONS.find((emotion) => library.artifact(circuitId(asked.id, emotion)) !== null);
    if (taken !== undefined)
      throw new TillerError("conflict", `there is an artifact '${circuitId(asked.id, taken)}' already`, {
        field: "id",
        suggestion: "Choose another name, or say `replace`.",
      });
    return asked;
  },
  estimate: ({ scenarios, tokens, pushes }, { layers, width }) => {
    const prompts = scenarios * 3 * EMOTIONS.length;
    return { tokens: prompts * (2 * 60 + tokens) + 48 * layers * pushes, bytes: 8 * EMOTIONS.length * 10 * layers * width };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const shape = shapeOf(lab.model);
    const weights = new Weights(lab, shape);
    // before hours of answers
    await weights.attention(0);
    const groups = groupsOf("train", params.scenarios);
    const { instructions } = params;
    const elicited = await elicit(
      groups,
      EMOTIONS,
      params,
      lab.resume()?.elicited ?? [],
      lab,
      (done) => lab.keep({ elicited: [...done] }),
      (fraction) => lab.progress(SHARES.elicited * fraction, `asking for six emotions in ${groups.length} scenarios`),
    );
    const accepted = acceptance(groups.length, EMOTIONS, elicited);
    const counted = countedGroups(groups, accepted, params.accept, (group) => promptsOf(group, EMOTIONS, instructions));
    checkEnough(counted, params.accept, accepted);
    const span = SHARES.read - SHARES.elicited;
    const read = await readGroups(counted, shape, weights, lab, (fraction) =>
      lab.progress(SHARES.elicited + span * fraction, `reading ${counted.length} scenarios`),
    );
    const neutral = groups
      .filter((_, index) => index % Math.max(1, Math.floor(groups.length / params.pushes)) === 0)
      .slice(0, params.pushes)
      .map(({ prompt }) => turnsOf(instructions?.["neutral"] ?? BRIEF, prompt));
    const circuits = await findCircuits(read, neutral, shape, params, weights, lab, (fraction, message) =>
      lab.progress(SHARES.read + (1 - SHARES.read) * fraction, message),
    );
    const shares = EMOTIONS.map((_, e) => accepted.filter((own) => own[e]).length / accepted.length);
    const ids = circuits.map((circuit, e) => {
      const body: CircuitBody = {
        emotion: EMOTIONS[e]!,
        others: EMOTIONS.filter((_, other) => other !== e),
        neurons: circuit.neurons.length,
        heads: circuit.heads.length,
        headDim: shape.headDim,
        layers: shape.layers,
        groups: read.means.counts[e]!,
        accepted: shares[e]!,
      };
      return lab.save(artifactOf(params, circuit, body, lab), params.replace).id;
    });
    const report = discoverReport({
      params,
      groups,
      elicited,
      accepted,
      counts: read.means.counts,
      circuits,
      shape,
      separable: separability(read.kept, shape.layers),
    });
    return { artifact: ids[0]!, report };
  },
};

function checkEnough(counted: readonly GroupPrompts[], accept: Accept, accepted: readonly (readonly boolean[])[]): void {
  const each = EMOTIONS.map((_, e) => counted.filter((group) => group.counted[e]).length);
  const least = Math.min(...each);
  if (least >= FEWEST_GROUPS) return;
  const shares = EMOTIONS.map((emotion, e) => `${emotion} ${accepted.filter((own) => own[e]).length}`);
  throw new TillerError(
    "not-supported",
    `too few scenarios count: ${least} for ${EMOTIONS[each.indexOf(least)]}, at least ${FEWEST_GROUPS} are needed; of ${accepted.length} the judge accepted ${shares.join(", ")}`,
    {
      field: "accept",
      suggestion:
        accept === "all"
          ? "Say `accept: each`, or `off` for a model that cannot show the emotions when it is asked to."
          : "Say `accept: off`, give system turns that this model understands, or take more scenarios.",
    },
  );
}

function artifactOf(params: Discover, { tensors }: FoundCircuit, body: CircuitBody, { model, created }: Lab<Checkpoint>): FoundArtifact {
  const { facts, fingerprint, quantisation } = model;
  const { id, title, description = "", accept, scenarios, pushes, tokens } = params;
  const groups = groupsOf("train", scenarios);
  const name = body.emotion[0]!.toUpperCase() + body.emotion.slice(1);
  return {
    meta: {
      id: circuitId(id, body.emotion),
      title: title === undefined ? name : `${title}: ${body.emotion}`,
      description,
      method: { id: "emotion-circuits/discover", version: 1, params: { accept, scenarios, pushes, tokens } },
      model: {
        architecture: facts.architecture,
        fingerprint,
        quantisation,
        ...(facts.rope === null ? {} : { rope: facts.rope }),
        layers: facts.layers,
        width: facts.width,
      },
      provenance: {
        created,
        seed: 0,
        inputs: [{ name: "Tiller's scenarios, with events", hash: hashJson(groups), count: groups.length, licence: "MIT" }],
        source: "",
      },
      body: { ...body },
    },
    tensors,
  };
}
