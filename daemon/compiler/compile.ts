/**
 * Preset + artifacts + model facts → steering plan. Pure: equal inputs give equal plans.
 *
 * Order: controls act in the order in which the rack lists them. At one place all element-wise edits come first, composed in
 * that order, then all direction edits at once (each reads c of the value after the element-wise edit). A hold is the last
 * op of its control. A control at strength 0 has no ops, also no hold.
 */
import { TillerError } from "../protocol/errors.ts";
import type { DirectionOp, Gate, Op, ProbeSpec } from "../protocol/ops.ts";
import type { LoweredPhase, SteeringPlan } from "../protocol/plan.ts";
import { siteKey } from "../protocol/sites.ts";
import { checkOps } from "./check.ts";
import { buildBases, lowerEdits } from "./lower.ts";
import { reportOf } from "./report.ts";
import { own, resolveControls, resolveGates, resolveProbe } from "./resolve.ts";
import type { CompileInput, ControlInput, LoadedArtifact, MethodCompiler } from "./types.ts";

export interface Compiler {
  readonly methods: readonly MethodCompiler[];
  /** how an artifact is read as a probe */
  readonly probe: (id: string, artifact: LoadedArtifact) => ProbeSpec;
}

export function compileRack(input: CompileInput, compiler: Compiler): SteeringPlan {
  const controls = resolveControls(input, compiler.methods);
  const gates = resolveGates(input, compiler.probe);
  for (const gate of gates) checkProbe(gate.probe, input);

  const compiled = controls.map((control) => {
    const method = compiler.methods.find((candidate) => control.control.use.startsWith(`${candidate.kind}/`))!;
    const hold = holdOp(control, input, compiler);
    const ops = control.strength === 0 ? [] : [...method.compile(control), ...hold];
    const footprint = [...method.compile({ ...control, strength: footprintStrength(control) }), ...hold];
    return { input: control, method, ops, footprint };
  });
  const all = compiled.flatMap(({ footprint }) => footprint);
  checkOps(all, input.model);
  const bases = buildBases(all);
  const ops = compiled.flatMap((control) => control.ops);
  checkOps(ops, input.model);

  const widths = new Map(input.model.sites.map((site) => [siteKey(site), site.width]));
  const width = (place: string): number => widths.get(place)!;
  const empty = lowerEdits([], bases, width);
  const phase = (name: "prompt" | "answer"): LoweredPhase => {
    const edits = lowerEdits(
      ops.filter((op) => op.scope === "all" || op.scope === name),
      bases,
      width,
    );
    const variants = 2 ** gates.length;
    // A rack's gates must all be open: only the last variant (every bit set) carries the edits.
    return { variants: Array.from({ length: variants }, (_, bits) => (bits === variants - 1 ? edits : empty)) };
  };
  return {
    prompt: phase("prompt"),
    answer: phase("answer"),
    gates: gates.map(({ probe, compare, threshold }) => ({ probe, compare, threshold })),
    reserve: { element: footprintOf(all), columns: [...bases.values()].flatMap((basis) => [...basis.write.values()]) },
    report: reportOf(
      compiled.map((control) => ({ input: control.input, method: control.method, ops: control.ops.length })),
      gates.map((gate: Gate) => `${gate.probe.id} ${gate.compare} ${gate.threshold}`),
    ),
  };
}

/** A strength at which the control touches every place that it ever will. */
function footprintStrength(control: ControlInput): number {
  const [low, high] = control.control.range ?? [0, 1];
  return high !== 0 ? high : low;
}

function holdOp(control: ControlInput, input: CompileInput, compiler: Compiler): DirectionOp[] {
  const hold = own(input.rack.hold, control.name);
  if (hold === undefined) return [];
  const { artifact } = resolveProbe(input, hold.probe, `hold.${control.name}.probe`);
  const probe = compiler.probe(hold.probe, artifact);
  return [
    {
      kind: "direction",
      mode: hold.by,
      site: probe.site,
      layer: probe.layer,
      vector: probe.vector,
      amount: hold.at,
      control: control.name,
      scope: control.scope,
    },
  ];
}

function checkProbe(probe: ProbeSpec, input: CompileInput): void {
  const site = input.model.sites.find((candidate) => candidate.site === probe.site && candidate.layer === probe.layer);
  if (site === undefined || !site.live)
    throw new TillerError(
      "not-steerable",
      `${probe.id}: ${probe.site} at layer ${probe.layer} cannot be read in ${input.model.id}: ${site?.reason ?? "it does not exist"}`,
      { field: `when.${probe.id}` },
    );
}

function footprintOf(ops: readonly Op[]): SteeringPlan["reserve"]["element"] {
  const places = new Map<string, { site: Op["site"]; layer: number; scale: boolean; shift: boolean }>();
  for (const op of ops) {
    if (op.kind !== "element") continue;
    const present = places.get(siteKey(op)) ?? { site: op.site, layer: op.layer, scale: false, shift: false };
    places.set(siteKey(op), { ...present, scale: present.scale || op.mode !== "add", shift: present.shift || op.mode !== "scale" });
  }
  return [...places.values()];
}
