/** How a body of OpenAI's says what an answer is sampled by, in our words. Pure. */
import type { Sampling } from "../../protocol/preset.ts";
import type { CommonBody } from "./schema.ts";

/** @param maxTokens null or −1: no limit @param which of several answers to one prompt: each has a seed of its own */
export function samplingOf(body: CommonBody, maxTokens: number | null | undefined, which: number): Sampling {
  const given: [keyof Sampling, number | null | undefined][] = [
    ["temperature", body.temperature],
    ["topP", body.top_p],
    ["topK", body.top_k === -1 ? 0 : body.top_k],
    ["minP", body.min_p],
    ["repeatPenalty", body.repeat_penalty],
    ["frequencyPenalty", body.frequency_penalty],
    ["presencePenalty", body.presence_penalty],
    ["seed", seedOf(body.seed, which)],
    ["maxTokens", maxTokens === -1 ? null : maxTokens],
  ];
  return Object.fromEntries(given.filter(([, value]) => value !== null && value !== undefined));
}

/** 64 bits folded to the sampler's 32; those that fit stay as they are. −1 asks for a random one, as in llama.cpp. */
export function seedOf(seed: number | null | undefined, which: number): number | null {
  if (seed === null || seed === undefined || seed === -1) return null;
  const bits = BigInt.asUintN(64, BigInt(seed) + BigInt(which));
  return Number((bits >> 32n) ^ (bits & 0xffffffffn));
}

/** Clients send an empty text for none. */
export function stopsOf(stop: CommonBody["stop"]): string[] {
  return [stop ?? []].flat().filter((text) => text !== "");
}
