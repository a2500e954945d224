/**
 * What is finished of a job, and what it is true of: figures are only put together with figures of the same artifact, rack,
 * specification, judge, materials, model and build.
 */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { Judge } from "../../protocol/judge.ts";
import type { Numerics } from "../../protocol/numerics.ts";
import type { Rack } from "../../protocol/preset.ts";
import { type Materials, materialsHash, sha256 } from "./materials.ts";
import { ArmResultSchema } from "./run-arm.ts";

/** By what a person would call it: what it was, as a hash. */
const IdentitySchema = z.record(z.string(), z.string());
export type Identity = z.infer<typeof IdentitySchema>;

/** Finished arms with what they belong to. */
export const ArmsSchema = z.object({ arms: z.record(z.string(), ArmResultSchema), identity: IdentitySchema }).strict();
export type Arms = z.infer<typeof ArmsSchema>;

export interface Identified {
  readonly artifacts: ReadonlyMap<string, LoadedArtifact | null>;
  readonly control: string;
  readonly rack: Rack;
  readonly spec: EvaluationSpec;
  readonly n: number | undefined;
  readonly seed: number;
  readonly judge: Judge;
  readonly judges: readonly Judge[];
  readonly materials: Materials;
  /** the model's fingerprint */
  readonly model: string;
  readonly build: string;
  readonly numerics: Numerics;
}

export function identityOf({
  artifacts,
  control,
  rack,
  spec,
  n,
  seed,
  judge,
  judges,
  materials,
  model,
  build,
  numerics,
}: Identified): Identity {
  return {
    ...Object.fromEntries([...artifacts].map(([id, artifact]) => [id, artifactHash(artifact)])),
    "the control": sha256({ control, rack }),
    "the evaluation": sha256({ spec, n: n ?? null, seed }),
    [`the judge '${judge.id}'`]: judge.hash,
    "the judges of what else changes": sha256(judges.map(({ id, hash }) => [id, hash])),
    "the text that damage is measured on": materialsHash(materials),
    "the model": model,
    "how the model is computed": sha256(numerics),
    Tiller: build,
  };
}

/** What differs, by name; nothing where the part can be gone on from. */
export function changedSince(known: Identity, now: Identity): string[] {
  return [...new Set([...Object.keys(known), ...Object.keys(now)])].filter((name) => known[name] !== now[name]);
}

/** Of all that decides how it acts; its title, its provenance and its receipts do not. */
export function artifactHash(artifact: LoadedArtifact | null): string {
  return artifact?.meta.hash ?? "none";
}

/** Loads each artifact once: all arms see the same numbers, whatever happens to the store meanwhile. */
export function held(load: (id: string) => LoadedArtifact | null): {
  readonly artifact: (id: string) => LoadedArtifact | null;
  readonly all: ReadonlyMap<string, LoadedArtifact | null>;
} {
  const all = new Map<string, LoadedArtifact | null>();
  return {
    all,
    artifact: (id) => {
      if (!all.has(id)) all.set(id, load(id));
      return all.get(id)!;
    },
  };
}
