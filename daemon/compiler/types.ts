/** What the compiler is given. Nothing here knows of sockets, files or llama.cpp. */
import type { ModelFacts } from "../protocol/api/model.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineSite } from "../protocol/engine-api.ts";
import type { Op } from "../protocol/ops.ts";
import type { Control, Rack, Scope } from "../protocol/preset.ts";

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An artifact with its numbers, as the store reads it. */
export interface LoadedArtifact {
  readonly meta: Artifact;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** What a method found, before the store has given it a data hash. */
export interface FoundArtifact {
  readonly meta: Omit<Artifact, "data">;
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

/** One control as a method sees it: resolved artifact, strength and scope. */
export interface ControlInput {
  readonly name: string;
  readonly control: Control;
  readonly strength: number;
  readonly scope: Scope;
  readonly artifact: LoadedArtifact;
  readonly model: CompileModel;
}

/** The part of a method that the compiler calls; `kind` is the first part of `use: kind/name`. Pure. */
export interface MethodCompiler {
  readonly kind: string;
  compile(input: ControlInput): Op[];
  /** layers and mode actually used, for the report */
  describe(input: ControlInput): { mode: string; site: string; layers: number[] };
}
