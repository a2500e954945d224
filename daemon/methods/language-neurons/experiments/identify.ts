/** Finds the language neurons of a model by LAPE, in one reading of each language's text. */
import * as z from "zod";
import type { FoundArtifact } from "../../../compiler/types.ts";
import { TillerError } from "../../../protocol/errors.ts";
import type { Experiment, Lab } from "../../contract.ts";
import { count, KeptCountsSchema, pack, unpack } from "../../shared/counts.ts";
import { hashJson } from "../../shared/hash.ts";
import { making, provenance, tokensOf } from "../../shared/params.ts";
import { type Corpora, corporaField, languageWindows } from "../corpora.ts";
import { found } from "../found.ts";
import { identifyReport } from "../identify-report.ts";
import { sampled } from "../sample.ts";
import { KeptTotalsSchema, type LanguageTotals, packTotals, totalsOf, unpackTotals } from "../totals.ts";

const quantile = z.number().min(0.5).max(0.9999).default(0.95);

const IdentifySchema = z
  .object({
    ...making,
    corpora: corporaField("plain text by language; the languages found are those given here, and what is found depends on the whole set"),
    rate: z
      .number()
      .min(0.0001)
      .max(0.2)
      .default(0.01)
      .describe("share of the model's neurons that are taken, those that tell languages apart best")
      .meta({ title: "Share of neurons" }),
    tokens: z
      .number()
      .int()
      .min(1024)
      .max(100_000_000)
      .default(1_000_000)
      .describe("read of each language, at most")
      .meta({ title: "Tokens per language, at most", advanced: true }),
    window: z
      .number()
      .int()
      .min(16)
      .max(4096)
      .default(512)
      .describe("tokens that are read together")
      .meta({ title: "Tokens in a window", advanced: true }),
    filter: quantile
      .describe("quantile of all firing rates that a neuron must pass in some language")
      .meta({ title: "Filter", advanced: true }),
    bar: quantile.describe("quantile above which a language owns a neuron").meta({ title: "Bar of ownership", advanced: true }),
    ...provenance,
  })
  .strict();
export type Identify = z.infer<typeof IdentifySchema>;

const CheckpointSchema = z
  .object({ done: z.record(z.string(), KeptTotalsSchema), current: z.object({ code: z.string(), counts: KeptCountsSchema }).nullable() })
  .strict();
type Checkpoint = z.infer<typeof CheckpointSchema>;

/** Classes of windows: the quarters that the first half is read in, and the second half; every fourth window is of one quarter. */
const CLASSES = 3;
const classOf = (window: number): number => [0, 2, 1, 2][window % 4]!;
/** Two lanes, three classes, three sums and a place in float64 and a maximum in float32; all of them again in the checkpoint. */
const BYTES = CLASSES * 36 * 4;
const READING = 0.92;

export const identify: Experiment<Identify, Checkpoint> = {
  id: "language-neurons/identify",
  title: "Language neurons",
  summary: "Finds the neurons that fire for one or few languages (LAPE), from plain text of two or more languages.",
  params: IdentifySchema,
  produces: ["artifact", "report"],
  needs: ["gated-mlp"],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: Identify) => {
    if (asked.id.startsWith("language/")) return asked;
    const message = `id: sets of language neurons are called language/…, such as language/${asked.id.split("/")[1]}`;
    throw new TillerError("invalid-params", message, { field: "id" });
  },
  estimate: ({ corpora, tokens }, { layers, width, mlpWidths }) => ({
    tokens: Object.values(corpora).reduce((sum, text) => sum + Math.min(tokensOf(text), tokens), 0),
    bytes: (mlpWidths.reduce((sum, f) => sum + f, 0) + layers * width) * BYTES,
  }),
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const totals = await read(params, lab);
    const result = found(totals, params, lab.model.facts.layers);
    lab.progress(READING, "reading how the neurons' values are spread");
    const spread = await sampled(result, await windowsOfAll(params, lab), lab, (fraction) =>
      lab.progress(READING + (1 - READING) * fraction, "reading how the neurons' values are spread"),
    );
    const artifact = { meta: metaOf(params, result.body, totals, lab), tensors: new Map([...result.tensors, ["quantiles", spread]]) };
    const { id } = lab.save(artifact as FoundArtifact, params.replace);
    return { artifact: id, report: identifyReport(params, result) };
  },
};

/** One reading per language; what is finished is not read again. */
async function read({ corpora, window, tokens }: Identify, lab: Lab<Checkpoint>): Promise<LanguageTotals[]> {
  const codes = Object.keys(corpora);
  const kept: Checkpoint = lab.resume() ?? { done: {}, current: null };
  const layers = lab.model.sites.filter(({ site, live }) => site === "mlp.act" && live).map(({ layer }) => layer);
  let done = { ...kept.done };
  for (const [index, code] of codes.entries()) {
    if (done[code] !== undefined) continue;
    const windows = await languageWindows(code, corpora[code]!, { window, most: tokens }, lab);
    const before = kept.current?.code === code ? unpack(kept.current.counts) : null;
    const places = await count(
      { windows, classOf, classes: CLASSES, sites: ["mlp.act", "resid"], layers },
      lab,
      before,
      (counted) => lab.keep({ done, current: { code, counts: pack(counted) } }),
      (fraction) =>
        lab.progress((READING * (index + fraction)) / codes.length, `reading ${code}: ${windows.length} windows of ${window} tokens`),
    );
    done = { ...done, [code]: packTotals(totalsOf(code, places)) };
    lab.keep({ done, current: null });
  }
  return codes.map((code) => unpackTotals(code, done[code]!));
}

async function windowsOfAll({ corpora, window, tokens }: Identify, lab: Lab<Checkpoint>): Promise<Int32Array[][]> {
  const all: Int32Array[][] = [];
  for (const [code, text] of Object.entries(corpora)) all.push(await languageWindows(code, text, { window, most: tokens }, lab));
  return all;
}

function metaOf(params: Identify, body: object, totals: readonly LanguageTotals[], { model, created }: Lab): FoundArtifact["meta"] {
  const { id, title = id.split("/")[1]!, description = "", rate, filter, bar, window } = params;
  const { facts, fingerprint, quantisation } = model;
  return {
    id,
    title,
    description,
    method: { id: "language-neurons/lape", version: 1, params: { rate, filter, bar, window } },
    model: {
      architecture: facts.architecture,
      fingerprint,
      quantisation,
      ...(facts.rope === null ? {} : { rope: facts.rope }),
      layers: facts.layers,
      width: facts.width,
    },
    provenance: { created, seed: 0, inputs: inputsOf(params.corpora, totals, params.licence), source: params.source ?? "" },
    body: { ...body },
  };
}

/** An artifact names at most so many inputs; with more languages the last one stands for the rest. */
const MOST_INPUTS = 64;

function inputsOf(
  corpora: Corpora,
  totals: readonly LanguageTotals[],
  licence = "not stated",
): FoundArtifact["meta"]["provenance"]["inputs"] {
  const each = totals.map(({ code, tokens }) => ({
    name: `text in ${code}, tokens read`,
    hash: hashJson(corpora[code]!),
    count: tokens,
    licence,
  }));
  if (each.length <= MOST_INPUTS) return each;
  const rest = each.slice(MOST_INPUTS - 1);
  const sum = rest.reduce((total, { count }) => total + count, 0);
  const name = `text in ${rest.length} more languages, tokens read`;
  return [...each.slice(0, MOST_INPUTS - 1), { name, hash: hashJson(rest.map(({ hash }) => hash)), count: sum, licence }];
}
