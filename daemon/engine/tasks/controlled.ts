/**
 * Answers to one prompt whose own positions are shifted, each at its place by its own amount, while it is read. New tokens are
 * plain: they feel it through the prompt's keys and values. For methods that search such shifts; a context of its own, closed after it.
 */
import type { EngineControlled, EngineControlledResult, PlacedRows } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import { penalised, samplerConfig } from "../loop/sampling.ts";
import { BATCH } from "../model/estimate.ts";
import { type NativeContext, type NativeProfile, OUTPUT_NONE, OUTPUT_SAMPLE } from "../model/native.ts";
import type { Vocabulary } from "../model/vocabulary.ts";

/** Answers that are written at once; each has a profile for every shifted position. */
export const CONTROLLED_SEQUENCES = 4;

export interface ControlledHost {
  /** a fresh context for so many tokens per sequence and profiles of its own */
  readonly createContext: (tokens: number, sequences: number, profiles: number) => NativeContext;
  readonly contextSize: number;
  readonly vocabulary: Vocabulary;
  readonly stops: readonly string[];
  readonly cancelled: () => boolean;
  readonly progress: (fraction: number) => void;
}

interface Writer {
  readonly sequence: number;
  readonly sampler: number;
  readonly tokens: number[];
  ended: boolean;
  open: boolean;
}

type Variant = EngineControlled["variants"][number];

/** @param prompt rendered, with the header of the answer */
export async function runControlled(request: EngineControlled, prompt: Int32Array, host: ControlledHost): Promise<EngineControlledResult> {
  const room = request.sampling.maxTokens ?? 128;
  if (prompt.length + room > host.contextSize)
    throw new TillerError(
      "context-full",
      `the prompt and its answer need ${prompt.length + room} tokens, the context has ${host.contextSize}`,
    );
  for (const { from, rows, values } of request.variants.flatMap(({ shifts }) => shifts)) {
    if (from < 0 || rows < 1 || from + rows > prompt.length || values.length % rows !== 0)
      throw new TillerError(
        "invalid-params",
        `shifts: positions ${from} to ${from + rows - 1} are not among the prompt's ${prompt.length}`,
      );
  }
  const answers: EngineControlledResult["answers"] = [];
  for (let first = 0; first < request.variants.length; first += CONTROLLED_SEQUENCES) {
    const group = request.variants.slice(first, first + CONTROLLED_SEQUENCES);
    const profiles = group.reduce((sum, { shifts }) => sum + positionsOf(shifts).length, 0);
    const context = host.createContext(prompt.length + room, group.length, profiles + 2);
    try {
      answers.push(...(await write(context, group, request, prompt, host)));
      host.progress((first + group.length) / request.variants.length);
    } finally {
      await context.close();
    }
  }
  return { promptTokens: prompt.length, answers };
}

async function write(
  context: NativeContext,
  group: readonly Variant[],
  request: EngineControlled,
  prompt: Int32Array,
  host: ControlledHost,
): Promise<EngineControlledResult["answers"]> {
  shift(context, group);
  const room = request.sampling.maxTokens ?? 128;
  const writers = group.map(({ seed, first }, sequence): Writer => {
    const config = samplerConfig(request.sampling, seed, { logitBias: {}, grammar: null, topLogprobs: 0 });
    const sampler = context.createSampler(config);
    const before = penalised(prompt, config);
    if (before.length > 0) context.acceptTokens(sampler, before);
    return { sequence, sampler, tokens: [...first], ended: false, open: true };
  });
  for (const writer of writers) {
    const whole = [...prompt, ...writer.tokens];
    let next = -1;
    for (let at = 0; at < whole.length; at += BATCH) {
      mustGoOn(host);
      const part = whole.slice(at, at + BATCH);
      const last = at + part.length === whole.length;
      next = await step(
        context,
        part.map((token, i) => ({ token, position: at + i, writer, sampled: last && i === part.length - 1 })),
      );
    }
    take(writer, next, room, host);
  }
  for (;;) {
    mustGoOn(host);
    const open = writers.filter((writer) => writer.open);
    if (open.length === 0) break;
    const rows = open.map((writer) => ({
      token: writer.tokens.at(-1)!,
      position: prompt.length + writer.tokens.length - 1,
      writer,
      sampled: true,
    }));
    const sampled = await stepAll(context, rows);
    for (const [i, writer] of open.entries()) take(writer, sampled[i]!, room, host);
  }
  return writers.map(({ tokens, ended }) => ({ text: cut(textOf(tokens, host), host.stops), tokens, ended }));
}

/** Profile 0 is plain; every shifted position of every answer has one of its own. */
function shift(context: NativeContext, group: readonly Variant[]): void {
  const places = new Map(group.flatMap(({ shifts }) => shifts.map(({ site, layer }) => [`${site}@${layer}`, { site, layer }] as const)));
  context.configure({
    element: [...places.values()].map((place) => ({ ...place, scale: false, shift: true })),
    banks: [],
    probes: [],
    taps: [],
  });
  let profile = 0;
  for (const [sequence, { shifts }] of group.entries()) {
    const positions = positionsOf(shifts);
    for (const position of positions) {
      context.writeProfile(++profile, rowsAt(shifts, position));
      context.bind(sequence, position, profile);
      if (!positions.includes(position + 1)) context.bind(sequence, position + 1, 0);
    }
  }
}

function positionsOf(shifts: readonly PlacedRows[]): number[] {
  const all = new Set(shifts.flatMap(({ from, rows }) => Array.from({ length: rows }, (_, i) => from + i)));
  return [...all].sort((a, b) => a - b);
}

function rowsAt(shifts: readonly PlacedRows[], position: number): NativeProfile {
  const there = shifts.filter(({ from, rows }) => position >= from && position < from + rows);
  return {
    element: there.map(({ site, layer, from, rows, values }) => {
      const width = values.length / rows;
      return { site, layer, indices: null, scale: null, shift: values.slice((position - from) * width, (position - from + 1) * width) };
    }),
    banks: [],
  };
}

interface Row {
  readonly token: number;
  readonly position: number;
  readonly writer: Writer;
  readonly sampled: boolean;
}

/** @returns the token sampled at the last row that samples, −1 where none does */
async function step(context: NativeContext, rows: readonly Row[]): Promise<number> {
  return (await stepAll(context, rows)).at(-1) ?? -1;
}

async function stepAll(context: NativeContext, rows: readonly Row[]): Promise<number[]> {
  const result = await context.decode({
    tokens: Int32Array.from(rows, ({ token }) => token),
    positions: Int32Array.from(rows, ({ position }) => position),
    sequences: Int32Array.from(rows, ({ writer }) => writer.sequence),
    outputs: Uint8Array.from(rows, ({ sampled }) => (sampled ? OUTPUT_SAMPLE : OUTPUT_NONE)),
    samplers: Int32Array.from(rows, ({ writer, sampled }) => (sampled ? writer.sampler : -1)),
    capture: null,
    classes: null,
  });
  return [...result.sampled];
}

function take(writer: Writer, token: number, room: number, host: ControlledHost): void {
  if (token < 0 || host.vocabulary.entry(token).ends) {
    writer.ended = true;
    writer.open = false;
    return;
  }
  writer.tokens.push(token);
  const text = textOf(writer.tokens, host);
  if (host.stops.some((stop) => text.includes(stop))) {
    writer.ended = true;
    writer.open = false;
  } else if (writer.tokens.length >= room) {
    writer.open = false;
  }
}

function textOf(tokens: readonly number[], { vocabulary }: ControlledHost): string {
  return Buffer.concat(tokens.map((token) => vocabulary.entry(token).bytes)).toString("utf8");
}

function cut(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends)).trim();
}

function mustGoOn(host: ControlledHost): void {
  if (host.cancelled()) throw new TillerError("cancelled", "the answers were cancelled");
}
