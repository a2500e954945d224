/** One answer: its tokens as they are written, what steered them, and how it ended. */
import type { Answer, Token } from "../../protocol/api/generate.ts";
import type { DecodingReport } from "../../protocol/decoding.ts";
import type { EngineEvents, EngineGenerate } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringReport } from "../../protocol/plan.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import type { StreamInput } from "../decoding/companion.ts";
import { Divergence, lockStepFor } from "../decoding/lock-step.ts";
import type { Tilt } from "../decoding/tilt.ts";
import { grammarOverdue } from "../loop/grammar-time.ts";
import { chosenOf, forcedOf } from "../loop/logprobs.ts";
import { callerOf, type LockStep, type Rows, type Start, type StopReason, type Task } from "../loop/task.ts";
import { StopGate, Utf8Stream } from "../loop/text.ts";
import { type NativeContext, OUTPUT_LOGITS, OUTPUT_NONE, OUTPUT_SAMPLE, type SamplerConfig } from "../model/native.ts";
import type { Vocabulary } from "../model/vocabulary.ts";
import type { AnswerReader, Parts } from "../prompt/reader.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { type Layout, probeKey } from "../steering/topology.ts";
import type { PromptEcho } from "./echo.ts";

export interface AnswerInput {
  readonly request: EngineGenerate<LoweredPlan>;
  /** with the rows of the plan's prefix */
  readonly prompt: Int32Array;
  /** see Task */
  readonly prefixAt: number;
  /** the further streams of its rule of decoding, in their order */
  readonly streams?: readonly StreamInput[] | undefined;
  readonly overflow: Answer["overflow"];
  /** its rule that weighs tokens by prefix scorers */
  readonly tilt?: Tilt | null;
  /** null: every token is forced */
  readonly sampler: SamplerConfig | null;
  readonly seed: number;
  /** prompt tokens that penalties look at */
  readonly penalised: Int32Array;
  readonly stops: readonly string[];
  readonly reader: AnswerReader;
  readonly contextSize: number;
  readonly vocabulary: Vocabulary;
  /** reads the prompt's own probabilities; null: nobody asked for them */
  readonly echo: { readonly reader: PromptEcho; readonly chunk: number } | null;
  readonly received: number;
  readonly emit: <N extends "started" | "tokens" | "steering">(name: N, params: EngineEvents[N]) => void;
  readonly done: (answer: Omit<Answer, "stream" | "model" | "numerics">) => void;
  readonly failed: (error: TillerError) => void;
}

interface Change {
  readonly version: number;
  /** first position that was fed after it was staged */
  readonly from: number;
  readonly controls: Record<string, number>;
  readonly report: SteeringReport;
}

/**
 * Tokens are sent at most forty times a second, and those of all answers together; the first one goes at once. Each time costs
 * three processes a turn, on a machine whose cores all compute.
 */
const FLUSH_MS = 25;
const frameOf = (now: number): number => Math.floor(now / FLUSH_MS);
const NOT_STEERED: SteeringReport = { steered: false, summary: "NOT steered: no steering was asked for", controls: [] };

export class AnswerTask implements Task {
  readonly id: string;
  readonly account: string;
  readonly client: string;
  readonly prompt: Int32Array;
  readonly prefixAt: number;
  readonly probes: EngineGenerate["probes"];
  readonly taps: readonly SiteAddress[] = [];
  readonly reuse: boolean;
  readonly capture = "none";
  readonly promptOutput: number;
  readonly chunk: number;
  readonly lastOutput: number;
  plan: LoweredPlan | null;
  sampler = -1;
  answerOutput: number;
  next = -1;
  readonly received: number;
  stop: StopReason | null = null;
  readonly grammar?: number | undefined;
  readonly #tilt: Tilt | null;
  readonly lockStep?: LockStep;
  /** where it is told from chosen blocks: how they were chosen */
  best: (() => NonNullable<DecodingReport["best"]>) | null = null;

  readonly #input: AnswerInput;
  readonly #divergence: Divergence | null;
  readonly #maxTokens: number;
  readonly #utf8 = new Utf8Stream();
  readonly #gate: StopGate<Token>;
  readonly #tokens: Token[] = [];
  readonly #changes: Answer["changes"] = [];
  #pending: Change[] = [];
  #news: EngineEvents["steering"][] = [];
  #written = 0;
  #sent = 0;
  #context: NativeContext | null = null;
  #layout: Layout | null = null;
  #readings: number[] = [];
  /** the token written last, while its probes have not been read */
  #unread: Token | null = null;
  #reason: StopReason | null = null;
  /** with reason "error": what the caller is told instead of an answer */
  #error: TillerError | null = null;
  /** ends with this reason once the last token's probes are read */
  #closing: StopReason | null = null;
  #announced = false;
  #report: SteeringReport;
  #reused = 0;
  #started = 0;
  #first = 0;
  #flushed = 0;
  #grammarMicros = 0;

  constructor(input: AnswerInput) {
    const { request } = input;
    this.#input = input;
    this.id = request.id;
    this.received = input.received;
    const { account, client } = callerOf(request.id);
    this.account = account;
    this.client = client;
    this.prompt = input.prompt;
    this.prefixAt = input.prefixAt;
    // a position from the cache has no logits
    this.reuse = input.echo === null;
    this.promptOutput = input.echo === null ? OUTPUT_NONE : OUTPUT_LOGITS;
    this.chunk = input.echo?.chunk ?? Number.POSITIVE_INFINITY;
    this.plan = request.plan;
    this.#tilt = input.tilt ?? null;
    this.probes = [...request.probes, ...(this.#tilt?.probes ?? [])];
    this.#report = request.plan?.report ?? NOT_STEERED;
    this.#gate = new StopGate(input.stops);
    this.#maxTokens = request.forced?.length ?? request.sampling.maxTokens ?? Number.POSITIVE_INFINITY;
    const size = input.sampler?.grammar?.gbnf.length;
    if (size !== undefined) this.grammar = size;
    const { decoding } = request;
    if (decoding !== null) this.lockStep = lockStepFor(this, decoding, input.streams ?? [], input.received);
    this.#divergence = decoding === null || decoding.plain === null ? null : new Divergence();
    this.lastOutput = request.forced !== null || request.logits ? OUTPUT_LOGITS : OUTPUT_SAMPLE;
    this.answerOutput = this.lastOutput;
  }

  start(start: Start): void {
    const { sampler, penalised } = this.#input;
    this.#context = start.context;
    this.#reused = start.reused;
    this.#started = start.now;
    if (sampler === null) return;
    this.sampler = createSampler(start.context, sampler);
    if (penalised.length > 0) start.context.acceptTokens(this.sampler, penalised);
  }

  /**
   * A change of controls that is staged; it shows from the first token whose logits were computed under it. What was written
   * before goes out at once, so that who gets the acknowledgement has every token that was written without the change.
   */
  steered(change: Change, plan: LoweredPlan): void {
    this.plan = plan;
    if (this.#announced) this.#flush(performance.now(), true);
    if (this.#context === null) this.#report = change.report;
    else this.#pending.push(change);
  }

  get stops(): readonly string[] {
    return this.#input.stops;
  }

  /** What a token is in the text that stop strings are looked for in. */
  bytesOf(token: number): Uint8Array {
    const marker = this.#input.reader.markers.get(token);
    return marker === undefined ? this.#input.vocabulary.entry(token).bytes : Buffer.from(marker);
  }

  reads(layout: Layout): void {
    const places = this.#tilt?.moved(layout) ?? null;
    if (places !== null && this.sampler >= 0) this.#context!.placeReadings(this.sampler, places);
  }

  charge(micros: number): void {
    this.#grammarMicros += micros;
    this.#error ??= grammarOverdue(this.#grammarMicros, this.#written);
    if (this.#error !== null) this.stop ??= "error";
  }

  giveUp(error: TillerError): void {
    this.#error ??= error;
    this.stop ??= "error";
  }

  get goesOn(): boolean {
    return this.#written + 1 < this.#maxTokens && this.#closing === null;
  }

  took(all: Rows): void {
    const read = this.#input.echo?.reader.read(all) ?? 0;
    const rows = read === 0 ? all : { ...all, output: all.output + read, logits: all.logits + read };
    if (this.#unread !== null) this.#readProbes(this.#unread, rows);
    this.#unread = null;
    if (this.#closing !== null) {
      this.#finish(this.#closing);
      return;
    }
    const { result } = rows;
    const last = rows.row + rows.count - 1;
    if (result.rows[rows.output] !== last) return;
    const { request, vocabulary } = this.#input;
    const index = this.#written;
    if (index >= this.#maxTokens) {
      this.#finish("length");
      return;
    }
    const forced = request.forced?.[index];
    const id = forced ?? result.sampled[rows.output]!;
    if (id < 0) {
      this.#unable(result.logprobs[rows.output]!);
      return;
    }
    const entry = vocabulary.entry(id);
    const kl = this.#divergence?.read(rows);
    if (entry.ends && forced === undefined) {
      this.#finish("end");
      return;
    }
    this.#noteChanges(result.version, rows.position + rows.count - 1, index);
    const chosen =
      forced === undefined ? chosenOf(rows, request.topLogprobs, vocabulary) : forcedOf(rows, id, request.topLogprobs, vocabulary);
    const marker = this.#input.reader.markers.get(id);
    const token: Token = { index, id, text: marker ?? this.#utf8.push(entry.bytes, entry.whole), logprob: chosen.logprob };
    if (entry.part !== null || token.text !== entry.text) token.bytes = [...entry.bytes];
    if (request.topLogprobs > 0) token.top = chosen.top;
    if (kl !== undefined) token.kl = kl;
    if (request.logits) token.logits = chosen.row();
    this.#written++;
    this.next = id;
    const { shown, stopped } = this.#gate.push(token);
    for (const one of shown) this.#show(one);
    if (stopped) this.#finish("stop-string");
    else if (this.#input.reader.full) this.#finish("end");
    else this.#goOn(token, rows.position + rows.count);
  }

  publish(now: number): void {
    if (!this.#announced && (this.#context !== null || this.#reason !== null)) this.#announce();
    if (this.#reason === null && frameOf(now) === frameOf(this.#flushed) && this.#first !== 0) return;
    this.#flush(now);
    if (this.#reason !== null) this.#deliver(now);
  }

  #flush(now: number, all = false): void {
    for (const news of this.#news) this.#input.emit("steering", news);
    this.#news = [];
    let end = this.#tokens.length;
    // what the reader holds back at the answer's end goes with its last token
    const waits = this.#input.reader.parts && this.#reason === null && !all;
    if (waits || (this.#unread !== null && this.#tokens[end - 1] === this.#unread)) end--;
    if (end > this.#sent) {
      if (this.#first === 0) this.#first = now;
      this.#flushed = now;
      this.#input.emit("tokens", { id: this.id, tokens: this.#tokens.slice(this.#sent, end) });
      this.#sent = end;
    }
  }

  end(reason: StopReason): void {
    this.#finish(reason);
  }

  fail(error: TillerError): void {
    this.#release();
    this.#input.failed(error);
  }

  /** No token was chosen: grammar and biases left none, or the model computed no numbers to choose by. */
  #unable(logprob: number): void {
    if (!Number.isNaN(logprob)) {
      this.#finish("grammar");
      return;
    }
    this.#error =
      this.plan === null
        ? new TillerError("bad-model-file", "the model's numbers are not finite: its file may be damaged")
        : new TillerError("out-of-range", "the model's numbers are no longer finite: the steering is too strong", {
            suggestion: "Choose smaller strengths or fewer layers.",
          });
    this.#finish("error");
  }

  #goOn(token: Token, position: number): void {
    const ending = this.#written >= this.#maxTokens ? "length" : position >= this.#input.contextSize ? "context" : null;
    if (this.#input.request.probes.length > 0) this.#unread = token;
    if (ending === null) return;
    if (this.#unread !== null && ending === "length" && position < this.#input.contextSize) {
      this.#closing = ending;
      this.answerOutput = OUTPUT_NONE;
    } else this.#finish(ending);
  }

  #noteChanges(version: number, position: number, index: number): void {
    while (this.#pending.length > 0) {
      const change = this.#pending[0]!;
      if (version < change.version || position < change.from) return;
      this.#pending.shift();
      this.#report = change.report;
      this.#changes.push({ token: index, controls: change.controls });
      this.#news.push({ id: this.id, token: index, controls: change.controls, steered: change.report });
    }
  }

  #readProbes(token: Token, rows: Rows): void {
    if (this.#layout !== rows.layout) {
      this.#layout = rows.layout;
      this.#readings = this.#input.request.probes.map((probe) => rows.layout.probes.get(probeKey(probe))?.index ?? -1);
    }
    const base = (rows.row + rows.count - 1) * rows.layout.readings;
    token.probes = this.#readings.map((index) => (index < 0 ? 0 : rows.result.probes[base + index]!));
  }

  #finish(reason: StopReason): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.next = -1;
    this.#unread = null;
    if (reason !== "stop-string") for (const token of this.#gate.rest()) this.#show(token);
    const last = this.#tokens.at(-1);
    if (last !== undefined) give(last, this.#input.reader.end(reason === "end"));
    this.#release();
  }

  /** A token's text is what it adds to the answer; what it adds to the reasoning stands beside it. */
  #show(token: Token): void {
    const { reader } = this.#input;
    this.#tokens.push(token);
    if (!reader.parts) return;
    const written = token.text;
    token.text = "";
    give(token, reader.push(written));
    if (token.text === written) return;
    token.bytes ??= [...Buffer.from(written)];
    if (token.text === "") token.reasoning ??= "";
  }

  #decoded(): Pick<Answer, "decoding"> {
    const { decoding } = this.#input.request;
    if (decoding === null) return {};
    const kl = this.#divergence?.summary;
    const best = this.best?.();
    const streams = best?.candidates ?? 1 + decoding.streams.length;
    return { decoding: { text: decoding.text, streams, ...(kl === undefined ? {} : { kl }), ...(best === undefined ? {} : { best }) } };
  }

  #release(): void {
    if (this.sampler >= 0) this.#context?.freeSampler(this.sampler);
    this.sampler = -1;
  }

  #announce(): void {
    this.#announced = true;
    this.#input.emit("started", {
      id: this.id,
      seed: this.#input.seed,
      promptTokens: this.prompt.length,
      overflow: this.#input.overflow,
      steered: this.#report,
    });
  }

  #deliver(now: number): void {
    if (this.#error !== null) {
      this.#input.failed(this.#error);
      return;
    }
    const { received, overflow, seed } = this.#input;
    const tokens = this.#tokens;
    const writing = now - this.#first;
    const rate = tokens.length > 1 && writing > 0 ? ((tokens.length - 1) * 1000) / writing : 0;
    this.#input.done({
      text: tokens.map((token) => token.text).join(""),
      reasoning: this.#input.reader.reasoning,
      ...(this.#input.reader.toolCalls.length === 0 ? {} : { toolCalls: [...this.#input.reader.toolCalls] }),
      tokens,
      reason: this.#reason!,
      steered: this.#report as Answer["steered"],
      changes: this.#changes,
      ...this.#decoded(),
      overflow,
      ...(this.#input.echo === null ? {} : { promptTokens: this.#input.echo.reader.tokens }),
      seed,
      stats: {
        promptTokens: this.prompt.length,
        reusedTokens: this.#reused,
        answerTokens: tokens.length,
        reasoningTokens: this.#input.reader.reasoning === null ? 0 : tokens.filter((token) => token.reasoning !== undefined).length,
        queueMs: (this.#started === 0 ? now : this.#started) - received,
        firstTokenMs: this.#first === 0 ? 0 : this.#first - received,
        totalMs: now - received,
        tokensPerSecond: rate,
      },
    });
  }
}

function give(token: Token, { text, reasoning, calls }: Parts): void {
  token.text += text;
  if (calls.length > 0) token.calls = [...(token.calls ?? []), ...calls];
  if (reasoning !== "") token.reasoning = (token.reasoning ?? "") + reasoning;
}

/** A grammar is the one setting that only llama.cpp can check. */
function createSampler(context: NativeContext, config: SamplerConfig): number {
  try {
    return context.createSampler(config);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (config.grammar === null || !message.startsWith("the grammar")) throw error;
    throw new TillerError("invalid-params", message, { field: "grammar", suggestion: "It must be GBNF with a rule named root." });
  }
}
