/** A judge's card: what it measures, what it was made from, and how right it is on text it has not seen. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { fromZod, TillerError } from "../../protocol/errors.ts";
import { bytesHash } from "./hash.ts";

const Interval = z.tuple([z.number(), z.number()]);

export const BaselineSchema = z.looseObject({
  name: z.string(),
  /** how the baseline decides, where that was a choice */
  rule: z.string().optional(),
  value: z.number(),
  /** the judge's figure minus the baseline's */
  difference: z.number().optional(),
  differenceInterval: Interval.optional(),
});

export const MeasuredSchema = z.looseObject({
  set: z.string(),
  /** ISO 639-1, or `all` */
  language: z.string(),
  metric: z.string(),
  value: z.number(),
  /** number of test texts */
  n: z.number().int().positive(),
  /** 95%, bootstrap over the test texts */
  interval: Interval.optional(),
  perLabel: z.record(z.string(), z.number()).optional(),
  /** of the one label that a text gets: how many texts show it and how many get it, precision and recall */
  decision: z
    .record(z.string(), z.object({ shown: z.number(), given: z.number(), precision: z.number().nullable(), recall: z.number().nullable() }))
    .optional(),
  baselines: z.array(BaselineSchema),
});

export const CardSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  version: z.string(),
  labels: z.array(z.string()),
  measures: z.string(),
  /** by language: the weights' file, its columns, and the probability from which on each label counts as shown */
  models: z.record(
    z.string(),
    z.object({
      file: z.string().regex(/^[a-z_]+\.safetensors$/),
      labels: z.array(z.string()),
      thresholds: z.array(z.number()),
      lines: z.number(),
      /** of a judge that pools sentences: each label's mean logit over everyday ones */
      everyday: z.array(z.number()).optional(),
    }),
  ),
  /** by language: why it is not judged */
  refused: z.record(z.string(), z.string()),
  hashes: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  measured: z.array(MeasuredSchema),
  data: z.array(z.object({ name: z.string(), licence: z.string(), attribution: z.string(), use: z.string() })),
  limits: z.array(z.string()),
  command: z.string(),
});

export type Card = z.output<typeof CardSchema>;
export type CardModel = Card["models"][string];

/** @param folder one judge's, with `card.json`; @throws TillerError when it is missing or malformed */
export function readCard(folder: string): Card {
  const path = join(folder, "card.json");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new TillerError("bad-artifact", `${path}: ${error instanceof Error ? error.message : String(error)}`, {
      suggestion: "Install Tiller again; this file comes with it.",
    });
  }
  const parsed = CardSchema.safeParse(value);
  if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", path);
  return parsed.data;
}

/** Of a weights file that is read later. @throws TillerError where there is none */
export function requireFile(folder: string, file: string): void {
  const path = join(folder, file);
  if (existsSync(path)) return;
  throw new TillerError("bad-artifact", `${path} is missing`, { suggestion: "Install Tiller again; this file comes with it." });
}

/** A weights file that the card names. @throws TillerError when it is not the one that was measured */
export function readWeights(folder: string, card: Card, file: string): Uint8Array {
  const path = join(folder, file);
  const bytes = readFileSync(path);
  if (bytesHash(bytes) === card.hashes[file]) return bytes;
  throw new TillerError("bad-artifact", `${path}: is not the file that the card's figures were measured on`, {
    suggestion: "Install Tiller again, or train the judge again with the card's command.",
  });
}
