/** From names to things: each control of a rack with its artifact, strength and scope, or an error that says what is wrong. */

import type { Artifact } from "../protocol/artifact.ts";
import { TillerError } from "../protocol/errors.ts";
import type { Gate, ProbeSpec } from "../protocol/ops.ts";
import type { Control } from "../protocol/preset.ts";
import { own, rackProblems } from "./rack.ts";
import type { CompileInput, ControlInput, LoadedArtifact, MethodCompiler } from "./types.ts";

export function resolveControls(input: CompileInput, methods: readonly MethodCompiler[]): ControlInput[] {
  const { rack } = input;
  const [problem] = rackProblems(rack, input.set);
  if (problem !== undefined) throw problem;
  if (rack.decoding !== undefined)
    throw new TillerError("not-supported", "decoding: a rule of decoding acts on answers only, and this writes none by it", {
      field: "decoding",
      suggestion: "Leave the `decoding` part out here.",
    });
  const names = Object.keys(rack.controls);
  return names.map((name) => {
    const control = rack.controls[name]!;
    const method = methodOf(name, control.use, methods);
    const strength = own(input.set, name) ?? control.strength;
    const artifact = requireArtifact(input, control.use, `controls.${name}.use`);
    const settings = settingsOf(method, control, artifact.meta, `controls.${name}`);
    return { name, control, settings, strength, scope: own(rack.scope, name) ?? "all", artifact, model: input.model };
  });
}

/** `probe/x` is an artifact of that name or, when there is none, `direction/x` read at its probe layer. */
export function resolveProbe(
  input: Pick<CompileInput, "artifact" | "model">,
  id: string,
  field: string,
): { id: string; artifact: LoadedArtifact } {
  const direct = input.artifact(id);
  const named = id.startsWith("probe/") ? `direction/${id.slice("probe/".length)}` : id;
  const artifact = direct ?? (named === id ? null : input.artifact(named));
  if (artifact === null)
    throw new TillerError("not-found", `${field}: there is no probe '${id}'`, {
      field,
      suggestion: "Make one with `tiller vector make`, or list what there is with `tiller presets`.",
    });
  checkModel(input.model, artifact, id, field);
  return { id, artifact };
}

export function resolveGates(input: CompileInput, probe: (id: string, artifact: LoadedArtifact) => ProbeSpec): Gate[] {
  const entries = Object.entries(input.rack.when ?? {});
  return entries.map(([id, condition]) => {
    const match = /^\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(condition);
    if (match === null) throw new TillerError("bad-preset", `when.${id}: must be a comparison such as '> 0.6'`, { field: `when.${id}` });
    const resolved = resolveProbe(input, id, `when.${id}`);
    return { probe: probe(id, resolved.artifact), compare: match[1] as Gate["compare"], threshold: Number(match[2]) };
  });
}

function requireArtifact(input: CompileInput, id: string, field: string): LoadedArtifact {
  const artifact = input.artifact(id);
  if (artifact === null)
    throw new TillerError("not-found", `${field}: there is no artifact '${id}'`, {
      field,
      suggestion: "Make it with `tiller vector make`, import it with `tiller vector import`, or correct the name.",
    });
  checkModel(input.model, artifact, id, field);
  return artifact;
}

/** @throws TillerError wrong-model where the artifact was made for another one */
export function checkModel(model: CompileInput["model"], artifact: LoadedArtifact, id: string, field: string): void {
  const made = artifact.meta.model;
  if (made.fingerprint !== null && made.fingerprint !== model.fingerprint) {
    throw new TillerError(
      "wrong-model",
      `${id} was found in another model or quantisation (${short(made.fingerprint)}, ${made.quantisation ?? "?"}) than ${model.id} (${short(model.fingerprint)}, ${model.quantisation})`,
      { field, suggestion: `Find it again in ${model.id} with \`tiller vector make\`, or choose the model that it was found in.` },
    );
  }
  if (made.rope !== undefined && made.rope !== model.facts.rope) {
    const [found, holds] = [made.rope, model.facts.rope ?? "one set of"];
    throw new TillerError(
      "wrong-model",
      `${id} was found under ${model.id}'s ${found} rope factors, and ${holds} hold now: this model computes otherwise with a context that is ${found === "short" ? "longer" : "shorter"}`,
      {
        field,
        suggestion: `Load ${model.id} with a ${found === "short" ? "shorter" : "longer"} context (\`tiller inspect\` says which factors hold), or find it again with \`tiller vector make\`.`,
      },
    );
  }
  if (made.width !== model.facts.width || made.layers > model.facts.layers) {
    throw new TillerError(
      "wrong-model",
      `${id} has ${made.layers} layers of width ${made.width}; ${model.id} has ${model.facts.layers} of width ${model.facts.width}`,
      { field, suggestion: "Choose the model that it was made for." },
    );
  }
}

/** @throws TillerError not-supported */
export function methodOf<M extends MethodCompiler>(name: string, use: string, methods: readonly M[]): M {
  const kind = use.split("/")[0]!;
  const method = methods.find((candidate) => candidate.kind === kind);
  if (method !== undefined) return method;
  const field = `controls.${name}.use`;
  const known = methods.map(({ kind }) => `${kind}/…`).join(", ");
  throw new TillerError("not-supported", `${field}: '${use}': no method is called '${kind}'; there is ${known}`, { field });
}

/** The control's settings over those of its artifact. @throws TillerError bad-preset naming the key */
export function settingsOf<S>(
  { kind, control: { params, defaults } }: Pick<MethodCompiler<S>, "kind" | "control">,
  control: Pick<Control, "with">,
  artifact: Artifact | null,
  field: string,
): S {
  const given = control.with ?? {};
  const parsed = params.safeParse({ ...(artifact === null ? {} : defaults?.(artifact)), ...given });
  if (parsed.success) return parsed.data;
  const { path, code, message, ...issue } = parsed.error.issues[0]!;
  const key = [...path, ...(code === "unrecognized_keys" && "keys" in issue ? [issue.keys[0]!] : [])].map(String).join(".");
  const at = key === "" ? `${field}.with` : `${field}.with.${key}`;
  const what = code === "unrecognized_keys" ? `controls of '${kind}/…' have no such setting` : message;
  throw new TillerError("bad-preset", `${at}: ${what}`, { field: at });
}

function short(fingerprint: string): string {
  return fingerprint.slice(0, "sha256:".length + 8);
}
