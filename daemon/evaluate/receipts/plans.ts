/** The plans of a sweep: one control at a strength, and the same with random directions. All other controls are off. */
import { compileRack } from "../../compiler/compile.ts";
import type { CompileModel, LoadedArtifact, MethodCompiler } from "../../compiler/types.ts";
import { compileProbe, METHODS } from "../../methods/index.ts";
import { randomOps } from "../../methods/shared/random-control.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { Op } from "../../protocol/ops.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Preset, Rack } from "../../protocol/preset.ts";
import { siteKey } from "../../protocol/sites.ts";

export interface Sweep {
  readonly control: string;
  readonly rack: Rack;
  readonly model: CompileModel;
  readonly artifact: (id: string) => LoadedArtifact | null;
}

/** The control of a preset that is swept, alone in a rack. @throws TillerError unknown-control, not-supported */
export function rackOfControl(preset: Preset, wanted: string | undefined): { control: string; rack: Rack } {
  const names = Object.keys(preset.controls);
  const control = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (control === undefined)
    throw new TillerError("invalid-params", `'${preset.name}' has ${names.length} controls; the evaluation must name one`, {
      field: "spec.control",
      suggestion: `Write \`control: NAME\` with one of ${names.join(", ") || "…"}.`,
    });
  const settings = preset.controls[control];
  if (settings === undefined)
    throw new TillerError("unknown-control", `unknown control '${control}': this preset has ${names.join(", ") || "no controls"}`, {
      field: "spec.control",
    });
  if (preset.hold?.[control] !== undefined)
    throw new TillerError("not-supported", `hold.${control}: a held control has no random control to be compared with`, {
      field: `hold.${control}`,
      suggestion: "Measure the control in a preset that does not hold it.",
    });
  // The range limits a slider, not the sweep.
  const { range: _, ...free } = settings;
  const scope = preset.scope?.[control];
  return {
    control,
    rack: {
      controls: { [control]: { ...free, strength: 0 } },
      ...(preset.when === undefined ? {} : { when: preset.when }),
      ...(scope === undefined ? {} : { scope: { [control]: scope } }),
    },
  };
}

export function planAt(sweep: Sweep, strength: number): SteeringPlan {
  return compile(sweep, strength, METHODS);
}

export function randomPlanAt(sweep: Sweep, strength: number, seed: number): SteeringPlan {
  const widths = new Map(sweep.model.sites.map((site) => [siteKey(site), site.width]));
  const width = (op: Op): number => widths.get(siteKey(op)) ?? 0;
  const methods = METHODS.map(
    (method): MethodCompiler => ({
      ...method,
      compile: (input) => method.randomised?.(input, seed) ?? { ops: randomOps(method.compile(input).ops, seed, width) },
    }),
  );
  return compile(sweep, strength, methods);
}

function compile({ control, rack, model, artifact }: Sweep, strength: number, methods: readonly MethodCompiler[]): SteeringPlan {
  return compileRack({ rack, set: { [control]: strength }, model, artifact }, { methods, probe: compileProbe });
}
