/** All that keeps a preset from steering a model, not only the first thing: what an editor shows while it is written. */
import { setImmediate as immediate } from "node:timers/promises";
import { rackProblems } from "../../compiler/rack.ts";
import { compileSteering } from "../../methods/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Preset, Rack } from "../../protocol/preset.ts";
import type { ArtifactStore } from "../../store/artifacts.ts";
import type { StoredModel } from "../../store/models.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import { checkPresetModel, compileModel, rackOf, type SteeringCompiler } from "./steering.ts";

/** @param engine null: the model is not loaded, so that its sites are not known */
export async function presetProblems(
  preset: Preset,
  model: StoredModel,
  engine: LoadedEngine | null,
  artifacts: ArtifactStore,
  steering: SteeringCompiler,
): Promise<TillerError[]> {
  const { decoding, ...rack } = rackOf(preset);
  const madeOn = madeOnOf(artifacts);
  const found = [...problemsOf(() => checkPresetModel(preset, model)), ...rackProblems(rack)];
  found.push(...(engine === null ? misfits(preset, model, madeOn, artifacts) : await uncompiled(rack, engine, artifacts)));
  // by itself, so that a control's mistake is not told twice
  if (engine !== null && found.length === 0)
    found.push(...problemsOf(() => steering.compile({ rack: { ...rack, decoding }, set: {}, preset }, engine)));
  const seen = new Set<string>();
  return found.filter(({ message }) => !seen.has(message) && seen.add(message));
}

export type MadeOn = ReadonlyMap<string, string | null>;

/** Fingerprints of the models that the artifacts were made on, by the artifacts' ids. */
export function madeOnOf(artifacts: ArtifactStore): MadeOn {
  return new Map(artifacts.list().map((artifact) => [artifact.id, artifact.model.fingerprint]));
}

/** As far as it can be said without loading the model. @param model null: of any model */
export function* misfits(preset: Preset, model: StoredModel | null, madeOn: MadeOn, artifacts: ArtifactStore): Generator<TillerError> {
  for (const [name, control] of Object.entries(preset.controls)) {
    const field = `controls.${name}.use`;
    const made = madeOn.get(control.use);
    if (made === undefined) yield new TillerError("not-found", `${field}: ${unusable(control.use, artifacts)}`, { field });
    else if (model !== null && made !== null && made !== model.fingerprint)
      yield new TillerError("wrong-model", `${field}: '${control.use}' was made on another model`, { field });
  }
}

/** Each control by itself, then all together for what they do to each other. Others have their turns in between. */
async function uncompiled(rack: Rack, engine: LoadedEngine, artifacts: ArtifactStore): Promise<TillerError[]> {
  const parts = [
    ...Object.keys(rack.controls).map((name) => only(rack, name)),
    ...Object.entries(rack.when ?? {}).map(([id, gate]): Rack => ({ controls: {}, when: { [id]: gate } })),
  ];
  const model = compileModel(engine);
  const compile = async (part: Rack): Promise<TillerError[]> => {
    await immediate();
    return problemsOf(() => compileSteering({ rack: part, set: {}, model, artifact: (id) => artifacts.load(id) }));
  };
  const found: TillerError[] = [];
  for (const part of parts) found.push(...(await compile(part)));
  return found.length > 0 ? found : compile(rack);
}

function only(rack: Rack, name: string): Rack {
  const part = <T>(record: Readonly<Record<string, T>> | undefined): Record<string, T> =>
    record !== undefined && Object.hasOwn(record, name) ? { [name]: record[name]! } : {};
  return { controls: part(rack.controls), hold: part(rack.hold), scope: part(rack.scope) };
}

function problemsOf(work: () => unknown): TillerError[] {
  try {
    work();
    return [];
  } catch (error) {
    return [TillerError.from(error)];
  }
}

/** Of an artifact that is not in the list. */
function unusable(id: string, artifacts: ArtifactStore): string {
  try {
    if (artifacts.get(id) === null) return `there is no artifact '${id}'`;
    return `'${id}' cannot be read`;
  } catch (error) {
    return TillerError.from(error).message;
  }
}
