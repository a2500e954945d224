/** Artifacts and receipts of earlier versions of the program, in today's form. Files stay as they are until they are written anew. */
import { formatLayers } from "../compiler/report.ts";
import { contentHash, sha256Of } from "./content-hash.ts";

type Json = Record<string, unknown>;

/** Version 1 knew directions only, and said at the top what now stands in the body. */
export function migrateArtifact(value: unknown): unknown {
  if (!isRecord(value) || value["tiller"] !== 1) return value;
  const { site, layers, probeLayer, quality = [], provenance, receipt: _, ...rest } = value;
  const { dataHash, pairs, heldOut, licence, ...origin } = isRecord(provenance) ? provenance : {};
  const count = Number(pairs) + Number(heldOut);
  const inputs = [
    { name: count > 0 ? "contrast pairs" : (origin["source"] ?? "a file"), hash: dataHash, count, licence: licence ?? "not stated" },
  ];
  const migrated: Json = {
    ...rest,
    tiller: 2,
    kind: String(rest["id"]).split("/")[0],
    provenance: { ...origin, inputs },
    body: { site, layers, probeLayer, pairs, heldOut, quality },
  };
  return { ...migrated, hash: contentHash(migrated as never) };
}

/**
 * Version 2 named the settings of a direction, and the hash of its numbers alone.
 * @param artifact the one that it lies beside
 */
export function migrateReceipt(value: unknown, artifact: { readonly hash: string; readonly data: { readonly sha256: string } }): unknown {
  if (!isRecord(value) || value["version"] !== 2 || !isRecord(value["control"]) || !isRecord(value["artifact"])) return value;
  const { name, mode, site, layers, ...acting } = value["control"];
  const { hash: _, created, ...lasting } = value;
  const settings = { mode, layers, site };
  const text = `${mode === "add" ? "" : `(${String(mode)}) `}at ${formatLayers(Array.isArray(layers) ? layers : [])}`;
  const measured = value["artifact"]["sha256"] === artifact.data.sha256 ? artifact.hash : value["artifact"]["sha256"];
  const migrated = {
    ...lasting,
    version: 3,
    artifact: { ...value["artifact"], sha256: measured },
    control: { name, settings, text, ...acting },
  };
  return { ...migrated, created, hash: sha256Of(migrated) };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
