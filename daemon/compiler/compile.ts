/**
 * Preset + artifacts + model facts → steering plan. Pure: equal inputs give equal plans.
 *
 * Order: controls act in the order in which the rack lists them. At one place all element-wise edits come first, composed in
 * that order, then all direction edits at once (each reads c of the value after the element-wise edit). A hold is the last
 * op of its control. A control at strength 0 has no ops, also no hold.
 */
import { TillerError } from "../protocol/errors.ts";
import type { DirectionOp, Gate, Op, ProbeSpec } from "../protocol/ops.ts";
import type { SteeringPlan } from "../protocol/plan.ts";
import { composeColumns, PHASES } from "../protocol/rules/columns.ts";
import { siteKey } from "../protocol/sites.ts";
import { checkAmounts, checkOps, siteTable } from "./check.ts";
import { own } from "./rack.ts";
import { reportOf } from "./report.ts";
import { resolveControls, resolveGates, resolveProbe } from "./resolve.ts";
import { amountsOf, type Topological, topologyOf } from "./topology.ts";
import type { CompileInput, ControlInput, LoadedArtifact, MethodCompiler } from "./types.ts";

export interface Compiler {
  readonly methods: readonly MethodCompiler[];
  /** how an artifact is read as a probe */
  readonly probe: (id: string, artifact: LoadedArtifact) => ProbeSpec;
}

interface Compiled {
  readonly name: string;
  readonly input: ControlInput;
  readonly method: MethodCompiler;
  readonly hold: readonly Op[];
  readonly ops: readonly Op[];
}

/**
 * @param known of the same rack, model and artifacts at other strengths: what depends on no strength is taken from there
 * @throws TillerError naming the control, field and reason
 */
export function compileRack(input: CompileInput, compiler: Compiler, known: Topological | null = null): SteeringPlan {
  const controls = resolveControls(input, compiler.methods).map((control): Compiled => {
    const method = compiler.methods.find((candidate) => control.control.use.startsWith(`${candidate.kind}/`))!;
    const hold = holdOp(control, input, compiler);
    const ops = control.strength === 0 ? [] : [...method.compile(control).ops, ...hold];
    return { name: control.name, input: control, method, hold, ops };
  });
  const moved = known === null ? null : amountsOf(known.topology, controls);
  // what is in the known topology was checked with it, all but the amounts
  for (const { ops } of controls) moved === null ? checkOps(ops, input.model) : checkAmounts(ops);
  const { topology, numbers } = known !== null && moved !== null ? known : build(controls, input, compiler);
  const amounts = moved ?? amountsOf(topology, controls)!;
  // for what cannot be combined
  if (topology.columns.length > 0) for (const phase of PHASES) composeColumns(topology, amounts, phase);
  const report = reportOf(
    controls.map((control) => ({ input: control.input, method: control.method, ops: control.ops.length })),
    topology.gates.map((gate) => `${gate.probe.id} ${gate.compare} ${gate.threshold}`),
  );
  return { topology, numbers, amounts, report };
}

function build(controls: readonly Compiled[], input: CompileInput, compiler: Compiler): Topological {
  const gates = resolveGates(input, compiler.probe);
  for (const gate of gates) checkProbe(gate.probe, input);
  const whole = controls.map(({ name, input: control, method, hold, ops }) => {
    const footprint = [...method.compile({ ...control, strength: footprintStrength(control) }).ops, ...hold];
    checkOps(footprint, input.model);
    checkUngated(footprint, gates, name);
    return { name, ops, footprint };
  });
  const table = siteTable(input.model.sites);
  return topologyOf(whole, gates, (place) => table.get(place)!.width);
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

/** Gates are read from the prompt's last token on. */
function checkUngated(ops: readonly Op[], gates: readonly Gate[], control: string): void {
  if (gates.length === 0 || !ops.some(({ kind }) => kind === "prefix")) return;
  throw new TillerError("conflict", `${control} is a prefix, which is read before any gate (\`when\`) can open`, {
    field: `controls.${control}`,
    suggestion: "Put the gate and what it is for into another preset, or leave the prefix out.",
  });
}

function checkProbe(probe: ProbeSpec, input: CompileInput): void {
  const site = siteTable(input.model.sites).get(siteKey(probe));
  if (site === undefined || !site.live)
    throw new TillerError(
      "not-steerable",
      `${probe.id}: ${probe.site} at layer ${probe.layer} cannot be read in ${input.model.id}: ${site?.reason ?? "it does not exist"}`,
      { field: `when.${probe.id}` },
    );
}
