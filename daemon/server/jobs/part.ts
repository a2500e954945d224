/**
 * What is finished of a job, and what it is true of: figures are only put together with figures of the same artifact, rack,
 * specification, judge, materials, model and build.
 */
import * as z from "zod";
import type { LoadedArtifact } from "../../compiler/types.ts";
import type { Judge } from "../../evaluate/judges/types.ts";
import { type Materials, materialsHash, sha256 } from "../../evaluate/receipts/materials.ts";
import { ArmResultSchema } from "../../evaluate/receipts/run-arm.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { EvaluationSpec } from "../../protocol/evaluation.ts";
import type { Rack } from "../../protocol/preset.ts";
import { buildId } from "../../store/build-id.ts";
import type { JobStore } from "../../store/jobs.ts";
import type { Log } from "../log.ts";

/** By what a person would call it: what it was, as a hash. */
const IdentitySchema = z.record(z.string(), z.string());
export type Identity = z.infer<typeof IdentitySchema>;

/** Finished arms with what they belong to, and of a slider's job the direction that it has found. */
export const PartSchema = z
  .object({ arms: z.record(z.string(), ArmResultSchema), identity: IdentitySchema.optional(), made: z.string().optional() })
  .strict();
export type Part = z.infer<typeof PartSchema>;

/** A full disk costs what a restart would need, not hours of work: the store holds in memory what it could not write. */
export function keepPart(id: string, part: Part, { store, log }: { readonly store: JobStore; readonly log: Log }): void {
  try {
    store.savePart(id, part);
  } catch (error) {
    log.error(`job ${id}: ${TillerError.from(error).message}`);
  }
}

export interface Measurand {
  readonly artifacts: ReadonlyMap<string, LoadedArtifact | null>;
  readonly control: string;
  readonly rack: Rack;
  readonly spec: EvaluationSpec;
  readonly n: number | undefined;
  readonly seed: number;
  readonly judge: Judge;
  readonly materials: Materials;
  /** the model's fingerprint */
  readonly model: string;
}

export function identityOf({ artifacts, control, rack, spec, n, seed, judge, materials, model }: Measurand): Identity {
  return {
    ...Object.fromEntries([...artifacts].map(([id, artifact]) => [id, artifactHash(artifact)])),
    "the control": sha256({ control, rack }),
    "the evaluation": sha256({ spec, n: n ?? null, seed }),
    [`the judge '${judge.id}'`]: judge.hash,
    "the text that damage is measured on": materialsHash(materials),
    "the model": model,
    Tiller: buildId(),
  };
}

/** What differs, by name; nothing where the part can be gone on from. */
export function changedSince(known: Identity, now: Identity): string[] {
  return [...new Set([...Object.keys(known), ...Object.keys(now)])].filter((name) => known[name] !== now[name]);
}

/** Of all that decides how it acts; its title, its provenance and its receipt do not. */
export function artifactHash(artifact: LoadedArtifact | null): string {
  if (artifact === null) return "none";
  const { data, site, layers, probeLayer, method, model } = artifact.meta;
  return sha256({ data: data.sha256, site, layers, probeLayer, method: method.id, model });
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
