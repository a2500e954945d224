/** What there is: models, and presets with their controls and what was measured of them. */
import { ModelIdSchema } from "../../protocol/api/model.ts";
import { receiptOf } from "../../protocol/rules/control.ts";
import { own } from "../own.ts";
import { tool } from "../tool.ts";

export const listModels = tool({
  name: "list_models",
  title: "List models",
  description: "The local models that can answer, with their state, size and number of layers.",
  input: {},
  readOnly: true,
  run: async (_, { client }) => {
    const { models } = await client.call("model.list", {});
    return {
      defaultModel: client.hello?.defaultModel ?? null,
      models: models.map(({ id, name, state, reason, quantisation, layers, sizeBytes }) => ({
        id,
        name,
        state,
        reason,
        quantisation,
        layers,
        sizeBytes,
      })),
    };
  },
});

export const listPresets = tool({
  name: "list_presets",
  title: "List presets",
  description:
    "The presets that steer an answer: each with its controls, their strengths and ranges, one line of evidence for each control, and why it cannot be used on the model, if so.",
  input: { model: ModelIdSchema.optional().describe("say which presets fit this model; left out: the default one") },
  readOnly: true,
  run: async ({ model }, { client }) => {
    const { artifacts } = await client.call("artifact.list", {});
    // the handshake has told the default model by now
    const asked = model ?? client.hello?.defaultModel ?? undefined;
    const { presets } = await client.call("preset.list", asked === undefined ? {} : { model: asked });
    return {
      presets: presets.map(({ id, preset, problem }) => ({
        id,
        name: preset?.name ?? id,
        description: preset?.description ?? "",
        problem,
        controls: Object.entries(preset?.controls ?? {}).map(([name, control]) => {
          const artifact = artifacts.find((one) => one.id === control.use);
          const receipt = receiptOf(control, own(preset?.scope, name) ?? null, artifact);
          return {
            name,
            use: control.use,
            strength: control.strength,
            range: control.range ?? null,
            evidence: receipt?.summary ?? "not measured",
          };
        }),
      })),
    };
  },
});
