/** What the compiler is given. Nothing here knows of sockets, files or llama.cpp. */
import type * as z from "zod";
import type { ModelFacts } from "../protocol/api/model.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineScorer, EngineSite } from "../protocol/engine-api.ts";
import type { Op, ProbeSpec } from "../protocol/ops.ts";
import type { Control, Rack, Scope } from "../protocol/preset.ts";
import type { SiteName } from "../protocol/sites.ts";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An artifact with its numbers, as the store reads it. */
export interface LoadedArtifact {
  readonly meta: Artifact;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What an experiment found, before the store has given it its hashes. */
export interface FoundArtifact {
  readonly meta: Omit<Artifact, "tiller" | "kind" | "data" | "hash" | "receipts">;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The model that an answer will run on. */
export interface CompileModel {
  readonly id: string;
  readonly fingerprint: string;
  readonly quantisation: string;
  readonly facts: ModelFacts;
  readonly sites: readonly EngineSite[];
}

export interface CompileInput {
  readonly rack: Rack;
  /** strengths that replace the rack's own */
  readonly set: Readonly<Record<string, number>>;
  readonly model: CompileModel;
  /** null: the store has none of that name */
  readonly artifact: (id: string) => LoadedArtifact | null;
}

/** One control as a method sees it: resolved artifact, checked settings, strength and scope. */
export interface ControlInput<Settings = unknown> {
  readonly name: string;
  readonly control: Control;
  /** the control's own under `with`, over the method's defaults for this artifact */
  readonly settings: Settings;
  readonly strength: number;
  readonly scope: Scope;
  readonly artifact: LoadedArtifact;
  readonly model: CompileModel;
}

/** What a control does to an answer. */
export interface Contribution {
  readonly ops: readonly Op[];
}

/** A site at a layer that a control may touch. */
export interface Place {
  readonly site: SiteName;
  readonly layer: number;
}

/** A range of a slider, for controls whose settings have these values; an empty `when` holds always. */
export interface StrengthRange {
  readonly when: Readonly<Record<string, unknown>>;
  readonly range: readonly [number, number];
}

export interface ControlSpec<Settings> {
  /** The keys that a preset may write under `with:`; `.meta({ widget, help, options })` carries the form. */
  readonly params: z.ZodType<Settings>;
  /** what strength 1 means, in a line */
  readonly unit: string;
  readonly ranges: readonly StrengthRange[];
  /** settings of a control that says nothing, as this artifact has them; left out: the schema's own defaults */
  defaults?(artifact: Artifact): Readonly<Record<string, unknown>>;
}

/** The part of a method that the compiler calls; `kind` is the first part of `use: kind/name`. Pure. */
export interface MethodCompiler<Settings = unknown> {
  readonly kind: string;
  readonly control: ControlSpec<Settings>;
  /** strength 0 gives nothing */
  compile(input: ControlInput<Settings>): Contribution;
  /** Every place that it touches at any strength of its slider. @throws TillerError where it cannot act */
  places(input: ControlInput<Settings>): Place[];
  /** The same size, norms and places with nothing found in it: what a receipt compares with. Left out: its ops with random directions. */
  randomised?(input: ControlInput<Settings>, seed: number): Contribution;
  /** how and where it acts, for "steered: joy 0.8 …" */
  describe(input: ControlInput<Settings>): { readonly text: string };
  /** how its artifact values an unfinished answer; left out: it does not */
  scorer?(artifact: LoadedArtifact): EngineScorer;
  /** how its artifact is read; left out: it cannot be */
  probe?(id: string, artifact: LoadedArtifact): ProbeSpec;
}
