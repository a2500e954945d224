/** Receipts whose every figure is known, from made-up arms; and those that ship. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, cellsOf } from "../../daemon/evaluate/receipts/arms.ts";
import { makeReceipt, type ReceiptInput } from "../../daemon/evaluate/receipts/receipt.ts";
import type { ArmResult } from "../../daemon/evaluate/receipts/run-arm.ts";
import { type EvaluationSpec, EvaluationSpecSchema } from "../../daemon/protocol/evaluation.ts";
import { type Receipt, ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { REPOSITORY } from "./shared.ts";

/** Of a direction that ships, as its file has it: it is measured again now and then. */
export function shippedReceipt(direction: string): Receipt {
  const folder = join(REPOSITORY, "presets", "artifacts", "direction", direction, "receipts");
  const [file] = readdirSync(folder);
  return ReceiptSchema.parse(JSON.parse(readFileSync(join(folder, file!), "utf8")));
}

const HASH = "a".repeat(64);
export const SPEC = EvaluationSpecSchema.parse({
  tiller: 1,
  title: "joy",
  judge: { id: "emotion", label: "joy" },
  strengths: [-1, 1, 2],
  seeds: 10,
  draws: 10,
  prompts: Array.from({ length: 20 }, (_, i) => ({ language: "en", text: `prompt ${i}` })),
  baseline: { en: "Answer joyfully." },
});

/** Of a direction that is added at two layers. */
export const SETTINGS = { mode: "add", layers: [1, 2], site: "resid" };

export const ABOUT = {
  artifact: { id: "direction/joy", sha256: HASH },
  control: { name: "joy", settings: SETTINGS, text: "at layers 1–2", scope: "all", when: {} },
  preset: "joyful",
  model: { architecture: "llama", fingerprint: `sha256:${HASH}`, quantisation: "Q8_0" },
  judge: { choice: SPEC.judge, title: "Emotion", version: "1", hash: HASH },
  spec: HASH,
  materials: HASH,
  created: "2026-11-24T00:00:00.000Z",
} satisfies ReceiptInput["about"];

/** Share of answers with score 1: the first `share` of each prompt's, so that every figure is known. */
export function arm(cells: readonly Cell[], share: number, textBitsPerByte: number, repetition = 0.01): ArmResult {
  return {
    scores: cells.map((_, i) => ((i % 10) / 10 < share ? 1 : 0)),
    textBitsPerByte,
    damage: { choices: 0.9, fluency: 0.5, distinct1: 0.5, distinct2: 0.8, repetition, words: 9 },
    others: {},
  };
}

export function receiptOf(shares: Readonly<Record<string, readonly [share: number, bits: number]>>, spec: EvaluationSpec = SPEC): Receipt {
  const cells = cellsOf(spec, 10, 7);
  const arms = new Map(Object.entries(shares).map(([key, [share, bits]]) => [key, arm(cells, share, bits)]));
  return makeReceipt({
    spec,
    cells,
    seeds: 10,
    seed: 7,
    arms,
    calibration: null,
    others: [],
    about: ABOUT,
  });
}

/** share of joyful answers, and bits per byte of the held-out text */
export const GOOD = {
  plain: [0.2, 1.5],
  prompt: [0.7, 1.5],
  "steered -1": [0.1, 1.55],
  "steered 0": [0.2, 1.5],
  "steered 1": [0.6, 1.58],
  "steered 2": [0.9, 1.9],
  "random -1": [0.2, 1.6],
  "random 1": [0.2, 1.6],
  "random 2": [0.3, 1.7],
} as const satisfies Record<string, readonly [number, number]>;

/** One for the numbers of this hash. */
export function madeReceipt(id: string, sha256: string): Receipt {
  return { ...receiptOf(GOOD), artifact: { id, sha256 } };
}
