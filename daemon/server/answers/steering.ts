/** What a request says about steering, made into a plan for the engine that will run it. */
import { parsePreset } from "../../compiler/parse.ts";
import { resolveProbe } from "../../compiler/resolve.ts";
import type { CompileModel, LoadedArtifact } from "../../compiler/types.ts";
import { compileProbe, compileSteering } from "../../methods/index.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import { type Preset, type Rack, RackSchema, type Steering } from "../../protocol/preset.ts";
import type { ArtifactStore } from "../../store/artifacts.ts";
import type { StoredModel } from "../../store/models.ts";
import type { PresetStore } from "../../store/presets.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import { noPreset } from "../transport/not-found.ts";

/** Steering of one answer; `set` grows as sliders move. */
export interface ActiveSteering {
  readonly rack: Rack;
  readonly set: Readonly<Record<string, number>>;
  readonly preset: Preset | null;
}

/** A plan with the very artifacts that it was made from. */
interface KnownPlan {
  readonly plan: SteeringPlan;
  /** one for each time that a model is loaded; `LoadedEngine` objects are made anew for each use */
  readonly process: LoadedEngine["process"];
  readonly used: ReadonlyMap<string, LoadedArtifact | null>;
}

/** Plans hold one vector per place: a megabyte or so each. */
const KNOWN_PLANS = 16;

export class SteeringCompiler {
  readonly #presets: PresetStore;
  readonly #artifacts: ArtifactStore;
  /** by rack and strengths, the one used longest ago first: the same preset is asked for again and again */
  readonly #known = new Map<string, KnownPlan>();

  constructor(presets: PresetStore, artifacts: ArtifactStore) {
    this.#presets = presets;
    this.#artifacts = artifacts;
  }

  /** null: no steering was asked for. @throws TillerError not-found, bad-preset, wrong-model, unknown-control */
  resolve(steering: Steering | undefined, model: StoredModel): ActiveSteering | null {
    if (steering === undefined) return null;
    const set = steering.set ?? {};
    if (steering.preset !== undefined) {
      const preset = this.preset(steering.preset);
      checkPresetModel(preset, model);
      return { rack: rackOf(preset), set, preset };
    }
    if (steering.rack !== undefined) return { rack: steering.rack, set, preset: null };
    const name = Object.keys(set)[0];
    if (name === undefined) return null;
    throw new TillerError("unknown-control", `unknown control '${name}': the request names neither a preset nor a rack`, {
      field: `steering.set.${name}`,
      suggestion: `Name the preset, too, such as {"preset": "…", "set": {"${name}": ${set[name]}}}.`,
    });
  }

  preset(id: string): Preset {
    const stored = this.#presets.get(id);
    if (stored === null) throw noPreset(id, "preset", this.#presets.list(), this.#artifacts.list());
    const parsed = parsePreset(stored.text);
    if ("preset" in parsed) return parsed.preset;
    const problem = parsed.problems[0]!;
    throw new TillerError(
      "bad-preset",
      `preset '${id}', line ${problem.line}: ${problem.field === "" ? "" : `${problem.field}: `}${problem.message}`,
      {
        field: problem.field,
        line: problem.line,
        column: problem.column,
      },
    );
  }

  compile({ rack, set }: ActiveSteering, engine: LoadedEngine): SteeringPlan {
    const key = JSON.stringify([engine.model.id, rack, set]);
    const known = this.#known.get(key);
    this.#known.delete(key);
    if (known !== undefined && known.process === engine.process && this.#unchanged(known.used)) {
      this.#known.set(key, known);
      return known.plan;
    }
    const used = new Map<string, LoadedArtifact | null>();
    const artifact = (id: string): LoadedArtifact | null => {
      const loaded = this.#artifacts.load(id);
      used.set(id, loaded);
      return loaded;
    };
    const plan = compileSteering({ rack, set, model: compileModel(engine), artifact });
    this.#known.set(key, { plan, process: engine.process, used });
    if (this.#known.size > KNOWN_PLANS) this.#known.delete(this.#known.keys().next().value!);
    return plan;
  }

  /** The store gives the same object until the files change. */
  #unchanged(used: KnownPlan["used"]): boolean {
    return [...used].every(([id, artifact]) => this.#artifacts.load(id) === artifact);
  }

  probes(ids: readonly string[], engine: LoadedEngine): ProbeSpec[] {
    const input = { model: compileModel(engine), artifact: (id: string) => this.#artifacts.load(id) };
    return ids.map((id, index) => compileProbe(id, resolveProbe(input, id, `probes.${index}`).artifact));
  }
}

export function compileModel({ model, info }: LoadedEngine): CompileModel {
  return { id: model.id, fingerprint: model.fingerprint, quantisation: model.quantisation, facts: info.facts, sites: info.sites };
}

export function rackOf(preset: Preset): Rack {
  const { controls, decoding, when, hold, scope } = preset;
  return RackSchema.parse(JSON.parse(JSON.stringify({ controls, decoding, when, hold, scope })));
}

/** A preset that names its model is refused by another one. */
export function checkPresetModel(preset: Preset, model: StoredModel): void {
  const wanted = preset.model ?? {};
  const differs: [field: string, wanted: unknown, actual: unknown][] = [
    ["fingerprint", wanted.fingerprint, model.fingerprint],
    ["architecture", wanted.architecture, model.architecture],
    ["layers", wanted.layers, model.layers],
  ];
  for (const [field, want, actual] of differs) {
    if (want === undefined || want === actual) continue;
    throw new TillerError(
      "wrong-model",
      `preset '${preset.name}' is for another model: model.${field} is ${String(want)}, ${model.id} has ${String(actual)}`,
      {
        field: `model.${field}`,
        suggestion: "Choose the model that it was made for, or make its artifacts again on this one.",
      },
    );
  }
}
