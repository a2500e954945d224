/** Ollama's lists of models: each usable one, and `model@preset` for each preset that fits it. */
import { TillerError } from "../../protocol/errors.ts";
import type { StoredModel } from "../../store/models.ts";
import { resolveTarget, usableModels } from "../openai/models.ts";
import { readBody } from "../transport/body.ts";
import { bodyRules, type HttpCall, sendJson } from "../transport/http-call.ts";
import { OllamaShowSchema } from "./schema.ts";

/** Of the interface that is spoken here, which clients compare; ours stands beside it. */
const SPOKEN = "0.12.0";

export async function version({ context, response }: HttpCall): Promise<void> {
  sendJson(response, 200, { version: SPOKEN, tiller: context.version });
}

export async function tags({ context, response }: HttpCall): Promise<void> {
  const modified = new Date(context.startedAt).toISOString();
  const models = (await usableModels(context)).flatMap(({ model, names }) =>
    names.map((name) => ({
      name,
      model: name,
      modified_at: modified,
      size: model.sizeBytes,
      digest: model.fingerprint.replace(/^sha256:/, ""),
      details: detailsOf(model),
    })),
  );
  sendJson(response, 200, { models });
}

export async function ps({ context, response }: HttpCall): Promise<void> {
  const models = context.supervisor.slots().flatMap(({ loaded }) => {
    if (loaded === null) return [];
    const { model, info } = loaded;
    const { kvBytes, computeBytes, steerBytes } = info.memory;
    return [
      {
        name: model.id,
        model: model.id,
        size: model.sizeBytes + kvBytes + computeBytes + steerBytes,
        size_vram: 0,
        digest: model.fingerprint.replace(/^sha256:/, ""),
        details: detailsOf(model),
        context_length: info.contextSize,
        expires_at: "0001-01-01T00:00:00Z",
      },
    ];
  });
  sendJson(response, 200, { models });
}

export async function show(call: HttpCall): Promise<void> {
  const { data: body } = await readBody(call.request, OllamaShowSchema, bodyRules(call));
  const name = body.model ?? body.name;
  if (name === undefined) throw new TillerError("invalid-params", "model: which one?", { field: "model" });
  const { model, steering } = await resolveTarget(call, plainName(name), undefined);
  const { architecture } = model;
  sendJson(call.response, 200, {
    license: "",
    modelfile: `FROM ${model.id}\n`,
    parameters: "",
    template: "",
    details: detailsOf(model),
    model_info: {
      "general.architecture": architecture,
      "general.basename": model.name,
      [`${architecture}.context_length`]: model.contextTrained,
      [`${architecture}.embedding_length`]: model.width,
      [`${architecture}.block_count`]: model.layers,
    },
    capabilities: ["completion", "embedding"],
    modified_at: new Date(call.context.startedAt).toISOString(),
    ...(steering === undefined ? {} : { steering }),
  });
}

/** Ollama's clients write a tag behind names that have none. */
export function plainName(name: string): string {
  return name.replace(/:latest$/, "");
}

function detailsOf({ architecture, quantisation }: StoredModel): object {
  return {
    parent_model: "",
    format: "gguf",
    family: architecture,
    families: [architecture],
    parameter_size: "",
    quantization_level: quantisation,
  };
}
