/** `/v1/models`: each usable model, and `model@preset` for each preset that fits it; and what such a name stands for. */
import { setImmediate as immediate } from "node:timers/promises";
import { isKnownPreset, parsePreset } from "../../compiler/parse.ts";
import { TillerError } from "../../protocol/errors.ts";
import { PresetIdSchema, type Steering, SteeringSchema } from "../../protocol/preset.ts";
import type { StoredModel } from "../../store/models.ts";
import { checkPresetModel } from "../answers/steering.ts";
import type { DaemonContext } from "../context.ts";
import { modelFor } from "../transport/access.ts";
import { type HttpCall, sendJson } from "../transport/http-call.ts";

interface ListedModel {
  readonly id: string;
  readonly object: "model";
  readonly created: number;
  readonly owned_by: string;
}

export async function listModels({ context, response }: HttpCall): Promise<void> {
  sendJson(response, 200, { object: "list", data: await listed(context) });
}

export async function getModel({ context, response, path }: HttpCall): Promise<void> {
  const id = decoded(path.slice("/v1/models/".length));
  const found = (await listed(context)).find((model) => model.id === id);
  if (found === undefined) throw new TillerError("not-found", "model: there is no such model", { field: "model" });
  sendJson(response, 200, found);
}

/** A name with a broken escape is the name of nothing. */
function decoded(name: string): string | null {
  try {
    return decodeURIComponent(name);
  } catch {
    return null;
  }
}

async function listed(context: DaemonContext): Promise<ListedModel[]> {
  const created = Math.floor(context.startedAt / 1000);
  return (await usableModels(context)).flatMap(({ model, names }) =>
    names.map((id) => ({ id, object: "model" as const, created, owned_by: model.embedded ? "tiller" : "user" })),
  );
}

/** Every model that can be used, by its id and by `model@preset` for each preset that it can carry. */
export async function usableModels(context: DaemonContext): Promise<{ model: StoredModel; names: string[] }[]> {
  context.models.reload();
  const usable = (await context.models.list()).filter((model) => model.problem === null);
  const presets = context.presets.list();
  const madeOn = new Map(context.artifacts.list().map((artifact) => [artifact.id, artifact.model.fingerprint]));
  for (const { text } of presets) {
    if (isKnownPreset(text)) continue;
    await immediate();
    parsePreset(text);
  }
  return usable.map((model) => ({
    model,
    names: [model.id, ...presets.flatMap(({ id, text }) => (fits(text, model, madeOn) ? [`${model.id}@${id}`] : []))],
  }));
}

function fits(text: string, model: StoredModel, madeOn: ReadonlyMap<string, string | null>): boolean {
  const parsed = parsePreset(text);
  if ("problems" in parsed) return false;
  try {
    checkPresetModel(parsed.preset, model);
    return Object.values(parsed.preset.controls).every(({ use }) => {
      const made = madeOn.get(use);
      return made === null || made === model.fingerprint;
    });
  } catch {
    return false;
  }
}

/**
 * `model` or `model@preset`, and the `steering` field, which may not name a second preset.
 * @returns with the name of what answers: `default` stands for a model
 */
export async function resolveTarget(
  { context, identity }: HttpCall,
  name: string,
  field: string | Steering | undefined,
): Promise<{ model: StoredModel; steering: Steering | undefined; name: string }> {
  const at = name.indexOf("@");
  const modelName = at < 0 ? name : name.slice(0, at);
  const model = await modelFor(context, identity, modelName === "default" ? undefined : modelName);
  const asked: Steering | undefined = typeof field === "string" ? { preset: field } : field;
  if (at < 0) return { model, steering: asked, name: modelName === "default" ? model.id : name };
  const preset = PresetIdSchema.safeParse(name.slice(at + 1));
  if (!preset.success) throw new TillerError("not-found", "model: the part after @ is not a preset's name", { field: "model" });
  if (asked?.preset !== undefined || asked?.rack !== undefined) {
    throw new TillerError("invalid-params", "steering: the model's name chooses a preset already", { field: "steering" });
  }
  const steering = SteeringSchema.parse({ ...asked, preset: preset.data });
  return { model, steering, name: modelName === "default" ? `${model.id}@${preset.data}` : name };
}
