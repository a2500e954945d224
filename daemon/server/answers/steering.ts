/** What a request says about steering, made into a plan for the engine that will run it. */
import { ruleOf } from "../../compiler/decoding.ts";
import { parsePreset } from "../../compiler/parse.ts";
import { checkModel, resolveProbe } from "../../compiler/resolve.ts";
import type { Topological } from "../../compiler/topology.ts";
import type { CompileModel, LoadedArtifact } from "../../compiler/types.ts";
import { compileProbe, compileScorer, compileSteering } from "../../methods/index.ts";
import type { EngineDecoding, EngineScorer } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ProbeSpec } from "../../protocol/ops.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import { type Preset, type Rack, RackSchema, type Steering } from "../../protocol/preset.ts";
import type { ArtifactStore } from "../../store/artifacts.ts";
import type { StoredModel } from "../../store/models.ts";
import type { PresetStore } from "../../store/presets.ts";
import type { LoadedEngine } from "../engines/slot.ts";
import { noPreset } from "../transport/not-found.ts";
import { engineDecoding, withDecoding } from "./decoding.ts";

/** Steering of one answer; `set` grows as sliders move. */
export interface ActiveSteering {
  readonly rack: Rack;
  readonly set: Readonly<Record<string, number>>;
  readonly preset: Preset | null;
}

export interface CompiledSteering {
  readonly plan: SteeringPlan;
  readonly decoding: EngineDecoding | null;
}

/** What of a rack depends on no strength, with the very artifacts that it was made from. */
interface KnownRack {
  readonly rack: Topological;
  /** one for each time that a model is loaded; `LoadedEngine` objects are made anew for each use */
  readonly process: LoadedEngine["process"];
  readonly used: ReadonlyMap<string, LoadedArtifact | null>;
}

/** Their arrays are those of the artifacts, and one per place where several directions are held. */
const KNOWN_RACKS = 16;

export class SteeringCompiler {
  readonly #presets: PresetStore;
  readonly #artifacts: ArtifactStore;
  readonly #checkRule: (decoding: EngineDecoding | null) => void;
  /** by rack without strengths, the one used longest ago first: the same preset is asked for again and again, and sliders move */
  readonly #known = new Map<string, KnownRack>();

  /** @param checkRule throws where a rule asks for something that the daemon does not have */
  constructor(presets: PresetStore, artifacts: ArtifactStore, checkRule: (decoding: EngineDecoding | null) => void = () => undefined) {
    this.#checkRule = checkRule;
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

  /** For an answer. @throws TillerError of the compiler: what cannot be steered, and why */
  compile(active: ActiveSteering, engine: LoadedEngine): CompiledSteering {
    const { decoding: asked, ...rack } = active.rack;
    const plan = this.edits({ ...active, rack }, engine);
    const decoding = engineDecoding(ruleOf(asked, Object.keys(rack.controls).length > 0), engine, {
      stream: (id) => this.#stream(id, engine),
      scorer: (id) => this.#scorer(id, engine),
    });
    this.#checkRule(decoding);
    return { plan: { ...plan, report: withDecoding(plan.report, asked, decoding) }, decoding };
  }

  /** What a rack does to activations; one with a rule of decoding is refused. */
  edits({ rack, set }: ActiveSteering, engine: LoadedEngine): SteeringPlan {
    const key = JSON.stringify([engine.model.id, withoutStrengths(rack)]);
    const known = this.#known.get(key);
    // each artifact is looked up once: a look is a few calls to the file system
    const used = new Map<string, LoadedArtifact | null>();
    const artifact = (id: string): LoadedArtifact | null => {
      const present = used.get(id);
      if (present !== undefined) return present;
      const loaded = this.#artifacts.load(id);
      used.set(id, loaded);
      return loaded;
    };
    // the store gives the same object until the files change
    const holds = known?.process === engine.process && [...known.used].every(([id, one]) => artifact(id) === one);
    const plan = compileSteering({ rack, set, model: compileModel(engine), artifact }, holds ? known.rack : null);
    this.#known.delete(key);
    this.#known.set(key, { rack: { topology: plan.topology, numbers: plan.numbers }, process: engine.process, used });
    if (this.#known.size > KNOWN_RACKS) this.#known.delete(this.#known.keys().next().value!);
    return plan;
  }

  /** A preset as a further stream of an answer: its controls at their stored strengths. */
  #stream(id: string, engine: LoadedEngine): SteeringPlan {
    const preset = this.preset(id);
    checkPresetModel(preset, engine.model);
    for (const part of ["system", "decoding"] as const)
      if (preset[part] !== undefined)
        throw new TillerError("not-supported", `decoding: preset '${id}' has a part '${part}', which a further stream does not follow`, {
          field: "decoding",
          suggestion: "Name a preset of controls only: a stream reads the answer's own prompt.",
        });
    return this.edits({ rack: rackOf(preset), set: {}, preset }, engine);
  }

  /** @throws TillerError where there is none, it is none, or it was made for another model */
  #scorer(id: string, engine: LoadedEngine): EngineScorer {
    const artifact = this.#artifacts.load(id);
    if (artifact === null)
      throw new TillerError("not-found", `decoding: there is no artifact '${id}'`, {
        field: "decoding",
        suggestion: "List what there is with `tiller vector list`, or correct the name.",
      });
    checkModel(compileModel(engine), artifact, id, "decoding");
    return compileScorer(id, artifact);
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

function withoutStrengths({ controls, ...rest }: Rack): unknown {
  return { ...rest, controls: Object.entries(controls).map(([name, { strength: _, ...control }]) => [name, control]) };
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
