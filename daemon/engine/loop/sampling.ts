/** Sampling settings to a native sampler, with llama.cpp's own defaults where a request says nothing. */
import { randomInt } from "node:crypto";
import { TillerError } from "../../protocol/errors.ts";
import type { Sampling } from "../../protocol/preset.ts";
import type { SamplerConfig } from "../model/native.ts";

/** llama.cpp's common defaults. */
const DEFAULTS = {
  temperature: 0.8,
  topK: 40,
  topP: 0.95,
  minP: 0.05,
  typicalP: 1,
  topNSigma: -1,
  repeatPenalty: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
  penaltyLastN: 64,
  dryMultiplier: 0,
  dryBase: 1.75,
  dryAllowedLength: 2,
  dryLastN: 4096,
  drySequenceBreakers: ["\n", ":", '"', "*"],
  xtcProbability: 0,
  xtcThreshold: 0.1,
  dynatempRange: 0,
  dynatempExponent: 1,
  mirostat: 0,
  mirostatTau: 5,
  mirostatEta: 0.1,
} satisfies Omit<Required<Sampling>, "seed" | "maxTokens">;

/** As OpenAI's API has it: at the ends of its range a bias forbids or forces a token. */
const BAN = -100;
const FORCE = 100;
const FORCING_BIAS = 1e6;

/** llama.cpp's LLAMA_DEFAULT_SEED: it takes another one at random instead, and the same seed would not give the same answer. */
const RANDOM_SEED = 0xffffffff;

export interface SamplerExtras {
  readonly logitBias: Readonly<Record<string, number>>;
  readonly grammar: string | null;
  readonly topLogprobs: number;
  readonly reasoning?: SamplerConfig["reasoning"];
  readonly contrast?: SamplerConfig["contrast"];
  readonly tilt?: SamplerConfig["tilt"];
}

export function chooseSeed(sampling: Sampling): number {
  return sampling.seed ?? randomInt(0, 0x100000000);
}

export function samplerConfig(sampling: Sampling, seed: number, extras: SamplerExtras): SamplerConfig {
  const { seed: _seed, maxTokens: _maxTokens, ...given } = sampling;
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    ...known,
    seed: seed === RANDOM_SEED ? RANDOM_SEED - 1 : seed,
    logitBias: Object.entries(extras.logitBias).map(([token, bias]) => ({ token: Number(token), bias: biasOf(bias) })),
    grammar: extras.grammar === null ? null : { gbnf: extras.grammar, root: "root" },
    reasoning: extras.reasoning ?? null,
    contrast: extras.contrast ?? null,
    tilt: extras.tilt ?? null,
    topLogprobs: extras.topLogprobs,
  };
}

/** llama.cpp parses groups recursively; far fewer than this are of any use. */
const MAX_GROUPS = 100;

/** @throws TillerError when groups are nested so deeply that parsing them would end the process */
export function checkGrammar(grammar: string): void {
  let depth = 0;
  /** what ends the literal, character class or comment that it stands in, which may hold any bracket */
  let end: string | null = null;
  for (let i = 0; i < grammar.length; i++) {
    const character = grammar[i]!;
    if (end !== null) {
      if (character === "\\" && end !== "\n") i++;
      else if (character === end) end = null;
    } else if (character in ENDS) end = ENDS[character]!;
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    if (depth > MAX_GROUPS)
      throw new TillerError("invalid-params", `grammar: groups are nested more than ${MAX_GROUPS} deep`, { field: "grammar" });
  }
}

const ENDS: Readonly<Record<string, string>> = { '"': '"', "[": "]", "#": "\n" };

function biasOf(bias: number): number {
  if (bias <= BAN) return Number.NEGATIVE_INFINITY;
  return bias >= FORCE ? FORCING_BIAS : bias;
}

/** The end of the prompt that penalties look back on. */
export function penalised(prompt: Int32Array, config: SamplerConfig): Int32Array {
  const penalties = config.repeatPenalty !== 1 || config.frequencyPenalty !== 0 || config.presencePenalty !== 0;
  const window = Math.max(penalties ? config.penaltyLastN : 0, config.dryMultiplier > 0 ? config.dryLastN : 0);
  return window === 0 ? new Int32Array(0) : prompt.slice(Math.max(0, prompt.length - window));
}
