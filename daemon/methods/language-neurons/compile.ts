/**
 * `language/…` with a strength: element-wise ops at `mlp.act`, the very place where the published code acts (a = act(g), before the
 * product with u), deactivation first. Formulas: README.md.
 */
import { gateProblem } from "../../compiler/gated-mlp.ts";
import { formatLayers } from "../../compiler/report.ts";
import type { ControlInput, MethodCompiler, Place } from "../../compiler/types.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ElementOp } from "../../protocol/ops.ts";
import { siteKey } from "../../protocol/sites.ts";
import { shuffled } from "../shared/random.ts";
import { randomOps } from "../shared/random-control.ts";
import { bodyOf } from "./body.ts";
import { type Edit, editsOf } from "./edits.ts";
import { control, type Settings } from "./settings.ts";

type Input = ControlInput<Settings>;

/** The part that the compiler calls. */
export const languageCompiler: MethodCompiler<Settings> = {
  kind: "language",
  control,
  compile: (input) => ({ ops: opsOf(input) }),
  places: placesOf,
  randomised: (input, seed) => ({ ops: randomised(input, seed) }),
  describe,
};

function opsOf(input: Input): ElementOp[] {
  if (input.strength === 0) return [];
  checkGate(input);
  const { name, scope, strength } = input;
  return editsOf(input.artifact, input.settings, name).map(({ off, ...edit }): ElementOp => {
    // a language that is put down is down at 1: beyond, its neurons would be pushed to the other side
    const amount = off ? Math.min(Math.max(strength, 0), 1) : strength;
    return { kind: "element", control: name, scope, amount, ...edit };
  });
}

function placesOf(input: Input): Place[] {
  const edits = editsOf(input.artifact, input.settings, input.name);
  return [...new Map(edits.map(({ site, layer }) => [`${site}@${layer}`, { site, layer }])).values()];
}

/** As many neurons in the same layers with the same values, chosen at random; what two ops share they go on to share. */
function randomised(input: Input, seed: number): ElementOp[] {
  const widths = new Map(input.model.sites.map((site) => [siteKey(site), site.width]));
  const ops = opsOf(input);
  if (input.settings.mode === "residual") {
    const dense = ops.filter(({ site }) => site === "resid");
    const turned = randomOps(dense, seed, (op) => widths.get(siteKey(op)) ?? 0) as ElementOp[];
    return ops.map((op) => (op.site === "resid" ? turned[dense.indexOf(op)]! : op));
  }
  return ops.map((op) => {
    const order = shuffled(widths.get(siteKey(op)) ?? 0, seed + 7919 * (op.layer + 1));
    return { ...op, indices: Int32Array.from(op.indices!, (index) => order[index]!) };
  });
}

/** "(add) es − en: 61 neurons at layers 2–7" */
function describe({ artifact, settings, name }: Input): { text: string } {
  const edits: readonly Edit[] = editsOf(artifact, settings, name);
  const layers = formatLayers([...new Set(edits.map(({ layer }) => layer))]);
  const neurons = new Set(edits.flatMap(({ layer, indices }) => Array.from(indices ?? [], (index) => `${layer}:${index}`)));
  const what = settings.mode === "residual" ? "the residual" : `${neurons.size} neurons`;
  return { text: `(${settings.mode}) ${settings.languages}: ${what} at ${layers}` };
}

/** Refused by name where single neurons cannot be addressed. @throws TillerError not-steerable */
function checkGate({ model, artifact, name }: Input): void {
  const problem = gateProblem(model.sites);
  if (problem !== null)
    throw new TillerError("not-steerable", `controls.${name}: ${artifact.meta.id} cannot act on ${model.id}: ${problem}`, {
      field: `controls.${name}.use`,
    });
  const { layers } = bodyOf(artifact.meta);
  if (layers !== model.facts.layers)
    throw new TillerError("wrong-model", `controls.${name}: ${artifact.meta.id} was found in a model of ${layers} layers`, {
      field: `controls.${name}.use`,
    });
}
