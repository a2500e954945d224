/** Artifacts and receipts of earlier versions of the program, in today's form. Files stay as they are until they are written anew. */
import { formatLayers } from "../compiler/report.ts";
import { type Summarised, summaryOf } from "../evaluate/receipts/summary.ts";
import { atMost, type Found, relevantEffect } from "../evaluate/receipts/verdict.ts";
import { RECEIPT_VERSION, type Receipt } from "../protocol/receipt.ts";
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
 * Receipts of versions 2 and 3, as what they were: figures stay, and `statistics` says how they were reckoned.
 * @param artifact the one that it lies beside
 */
export function migrateReceipt(value: unknown, artifact: { readonly hash: string; readonly data: { readonly sha256: string } }): unknown {
  if (!isRecord(value)) return value;
  if (value["version"] === 2) return migrateReceipt(fromVersion2(value, artifact), artifact);
  return value["version"] === 3 ? fromVersion3(value) : value;
}

/** Version 2 named the settings of a direction, and the hash of its numbers alone. */
function fromVersion2(value: Json, artifact: { readonly hash: string; readonly data: { readonly sha256: string } }): unknown {
  if (!isRecord(value["control"]) || !isRecord(value["artifact"])) return null;
  const { name, mode, site, layers, ...acting } = value["control"];
  const settings = { mode, layers, site };
  const text = `${mode === "add" ? "" : `(${String(mode)}) `}at ${formatLayers(Array.isArray(layers) ? layers : [])}`;
  const measured = value["artifact"]["sha256"] === artifact.data.sha256 ? artifact.hash : value["artifact"]["sha256"];
  return { ...value, version: 3, artifact: { ...value["artifact"], sha256: measured }, control: { name, settings, text, ...acting } };
}

/**
 * Version 3 said "no effect" where a test could not reject. What its margins support is said instead: that the control does less
 * than they reach to, where that is less than would count, or else that there were too few answers.
 */
function fromVersion3(value: Json): unknown {
  const { hash: _, created, verdict, ...lasting } = value;
  const old = lasting as unknown as Omit<Receipt, "verdict" | "less">;
  const known = {
    ...old,
    version: RECEIPT_VERSION,
    statistics: 1,
    ...verdictOfVersion3(verdict, old),
    slope: null,
    relevant: null,
    kinds: [],
    also: [],
    quick: null,
    human: null,
  };
  const migrated = { ...known, summary: summaryOf(known as Summarised) };
  return { ...migrated, created, hash: sha256Of(migrated) };
}

function verdictOfVersion3(verdict: unknown, { points, best, direction, judge }: Omit<Receipt, "verdict" | "less">): Found {
  if (best === null) return { verdict: "no usable strength", less: null };
  if (verdict === "effect") return { verdict: "works", less: null };
  const relevant = judge.choice.label === undefined ? null : relevantEffect(judge.choice, []);
  const less = atMost(
    points.filter((point) => point.usable && point.strength !== 0),
    direction,
  );
  return relevant !== null && less < relevant ? { verdict: "does less", less } : { verdict: "too few answers", less: null };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
