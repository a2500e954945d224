/** Puts each language down in turn and reads text in all of them: does it hurt the one that was put down, and only that one? */
import * as z from "zod";
import type { EngineStudyResult, StudyText } from "../../../protocol/engine-api.ts";
import { TillerError } from "../../../protocol/errors.ts";
import type { SteeringPlan } from "../../../protocol/plan.ts";
import type { Block } from "../../../protocol/report.ts";
import type { Experiment, Lab } from "../../contract.ts";
import { matrixChart } from "../../shared/charts.ts";
import { seed, tokensOf } from "../../shared/params.ts";
import { artifactField, artifactOf, offField, planOf } from "../asking.ts";
import { bodyOf } from "../body.ts";
import { corporaField } from "../corpora.ts";

const PerplexitySchema = z
  .object({
    artifact: artifactField,
    texts: corporaField("text to be read, by language; none of what the neurons were found from").meta({
      title: "Text in each language",
      widget: "corpora",
    }),
    most: z
      .number()
      .int()
      .min(1)
      .max(2000)
      .default(200)
      .describe("pieces of text that are read in each language, at most")
      .meta({ title: "Pieces of text, at most" }),
    lines: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(8)
      .describe("lines that are read together as one piece")
      .meta({ title: "Lines in a piece", advanced: true }),
    off: offField,
    seed: seed("of the random neurons"),
  })
  .strict();
type Perplexity = z.infer<typeof PerplexitySchema>;

const BitsSchema = z.object({ bits: z.array(z.number()), tokens: z.number() }).strict();
/** By condition and language: bits of each piece. */
const CheckpointSchema = z.object({ done: z.record(z.string(), z.record(z.string(), BitsSchema)) }).strict();
type Done = z.infer<typeof CheckpointSchema>["done"];

const PLAIN = "nothing";

export const perplexity: Experiment<Perplexity, { done: Done }> = {
  id: "language-neurons/perplexity",
  title: "What putting a language down costs",
  summary:
    "Puts each language's neurons down in turn, and as many random ones, and reads text in every language: bits per byte as a matrix.",
  params: PerplexitySchema,
  produces: ["report"],
  needs: ["gated-mlp"],
  engine: true,
  about: ({ artifact }) => artifact,
  prepare: (asked: Perplexity, library) => {
    const codes = bodyOf(artifactOf(asked.artifact, library).meta).languages.map(({ code }) => code);
    const unknown = Object.keys(asked.texts).find((code) => !codes.includes(code));
    if (unknown === undefined) return asked;
    throw new TillerError("invalid-params", `texts: '${unknown}' is none of ${codes.join(", ")}`, { field: "texts" });
  },
  estimate: (params) => {
    const read = Object.values(params.texts).reduce((sum, text) => sum + tokensOf(piecesIn(text, params).join("")), 0);
    return { tokens: read * (1 + 2 * Object.keys(params.texts).length), bytes: 0 };
  },
  checkpoint: CheckpointSchema,
  run: async (params, lab) => {
    const artifact = artifactOf(params.artifact, lab);
    const codes = Object.keys(params.texts);
    const pieces = new Map(codes.map((code) => [code, piecesIn(params.texts[code]!, params)]));
    const all = codes.flatMap((language) => pieces.get(language)!.map((text) => ({ language, text })));
    const conditions = [PLAIN, ...codes, ...codes.map((code) => `random ${code}`)];
    let done: Done = lab.resume()?.done ?? {};
    for (const [index, condition] of conditions.entries()) {
      if (done[condition] !== undefined) continue;
      const code = condition.replace("random ", "");
      const random = condition.startsWith("random ") ? params.seed : null;
      const plan = condition === PLAIN ? null : planOf(artifact, { languages: `-${code}`, off: params.off }, 1, lab, random);
      const tell = (fraction: number): void =>
        lab.progress(
          (index + fraction) / conditions.length,
          condition === PLAIN ? "reading without steering" : `reading without ${condition}`,
        );
      const read = await readAll(plan, all, lab, tell);
      const row = Object.fromEntries(
        codes.map((language) => {
          const own = read.filter((_, at) => all[at]!.language === language);
          return [language, { bits: own.map(({ bits }) => bits), tokens: own.reduce((sum, { tokens }) => sum + tokens, 0) }];
        }),
      );
      done = { ...done, [condition]: row };
      lab.keep({ done });
    }
    return { artifact: null, report: reportOf(params, codes, pieces, done, lab) };
  },
};

/** Texts of one study: making its context costs as much as reading some hundred. */
const PART = 1000;

async function readAll(
  plan: SteeringPlan | null,
  all: readonly { readonly text: string }[],
  { study }: Pick<Lab, "study">,
  progress: (fraction: number) => void,
): Promise<EngineStudyResult["texts"]> {
  const read: EngineStudyResult["texts"] = [];
  for (let start = 0; start < all.length; start += PART) {
    const part = all.slice(start, start + PART);
    const texts = part.map(({ text }): StudyText => ({ plan: 0, messages: null, text, tokens: null }));
    const result = await study({ plans: [plan], sampling: {}, answers: [], texts }, (fraction) =>
      progress((start + fraction * part.length) / all.length),
    );
    read.push(...result.texts);
  }
  return read;
}

function piecesIn(text: string, { lines, most }: Pick<Perplexity, "lines" | "most">): string[] {
  const all = text.split("\n").filter((line) => line.trim() !== "");
  const count = Math.min(most, Math.ceil(all.length / lines));
  return Array.from({ length: count }, (_, i) => all.slice(i * lines, (i + 1) * lines).join("\n"));
}

function reportOf(
  { artifact, off }: Perplexity,
  codes: readonly string[],
  pieces: ReadonlyMap<string, readonly string[]>,
  done: Done,
  lab: Parameters<typeof perplexity.run>[1],
): Block[] {
  const size = new Map(codes.map((code) => [code, pieces.get(code)!.map((text) => Buffer.byteLength(text, "utf8"))]));
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const perByte = (condition: string, language: string): number => total(done[condition]![language]!.bits) / total(size.get(language)!);
  /** factor on the perplexity per token, in bits; of pieces, for the interval */
  const lost = (condition: string, language: string): number[] =>
    done[condition]![language]!.bits.map((bits, i) => (bits - done[PLAIN]![language]!.bits[i]!) / size.get(language)![i]!);
  const cells = codes.flatMap((down) =>
    codes.map((read) => {
      const { value, low, high } = lab.interval(lost(down, read).map((one) => [one]));
      return { down, read, lost: value, low, high, random: perByte(`random ${down}`, read) - perByte(PLAIN, read) };
    }),
  );
  const rows = codes.map((down) => {
    const own = cells.find((cell) => cell.down === down && cell.read === down)!;
    const others = cells.filter((cell) => cell.down === down && cell.read !== down).sort((a, b) => b.lost - a.lost);
    const order = [own, ...others].sort((a, b) => b.lost - a.lost);
    return {
      down,
      plain: perByte(PLAIN, down),
      own: own.lost,
      ownLow: own.low,
      ownHigh: own.high,
      next: others[0]!.read,
      nextLost: others[0]!.lost,
      rank: order.indexOf(own) + 1,
      random: own.random,
    };
  });
  const first = rows.filter(({ rank }) => rank === 1).length;
  return [
    {
      type: "prose",
      id: "what",
      text: `${artifact}: the neurons of each language put down to ${off}, then text read in every language (${codes.map((code) => `${code} ${pieces.get(code)!.length} pieces`).join(", ")}). Putting a language down costs that language more than any other for ${first} of ${codes.length}.`,
    },
    {
      type: "table",
      id: "own",
      title: "Cost of putting a language down",
      columns: [
        { key: "down", title: "put down" },
        { key: "plain", title: "plain", unit: "bits per byte" },
        { key: "own", title: "lost in it", unit: "bits per byte" },
        { key: "ownLow", title: "from" },
        { key: "ownHigh", title: "to" },
        { key: "next", title: "most lost elsewhere: in" },
        { key: "nextLost", title: "lost there" },
        { key: "rank", title: "its rank among all" },
        { key: "random", title: "lost in it with random neurons" },
      ],
      rows,
      note: "Intervals: 95 %, over pieces of text.",
    },
    matrixChart({
      id: "matrix",
      title: "Bits per byte lost, by language put down and language read",
      description: "Rows are the language whose neurons are put down, columns the language that is read.",
      values: cells,
      ...{ x: "read", y: "down", value: "lost", xs: codes, ys: codes, diverging: true, titles: { x: "read", y: "put down" } },
    }),
    {
      type: "table",
      id: "cells",
      title: "Every pair",
      columns: ["down", "read", "lost", "low", "high", "random"].map((key) => ({ key, title: key })),
      rows: cells,
    },
  ];
}
