/**
 * Between the daemon and an engine (one child process per model), over Node's IPC with structured clone, so typed arrays
 * travel as they are. Both ends are ours; the daemon never trusts an engine to live, the engine never sees the network.
 */

import type { Answer, ChatParams, Message, Token } from "./api/generate.ts";
import type { LoadOptions, MemoryEstimate, ModelFacts } from "./api/model.ts";
import type { ContrastText } from "./artifact.ts";
import type { Reward } from "./decoding.ts";
import type { Numerics } from "./numerics.ts";
import type { ProbeSpec } from "./ops.ts";
import type { SentPlan, SteeringPlan, SteeringReport } from "./plan.ts";
import type { Sampling } from "./preset.ts";
import type { SiteName } from "./sites.ts";
import type { LearnedThreads } from "./threads.ts";

export interface EngineSite {
  site: SiteName;
  layer: number;
  width: number;
  live: boolean;
  reason: string | null;
}

/** How conversations are written for this model. */
export interface TemplateFacts {
  /** `model`: the file's own; `user`: one that its user gave; `plain`: the file has none, so it is a base model */
  origin: "model" | "user" | "plain";
  source: string;
  /** `none`: neither renderer can read it, see `problem` */
  renderer: "llama.cpp" | "jinja" | "none";
  problem: string | null;
  /** it has a part for reasoning */
  thinking: boolean;
  /** llama.cpp's view of it, e.g. supports_tools */
  capabilities: Record<string, boolean>;
}

export interface EngineModel {
  facts: ModelFacts;
  sites: EngineSite[];
  template: TemplateFacts;
  /** what was really taken after "auto" and limits */
  contextSize: number;
  sequences: number;
  numerics: Numerics;
  /** why gradients are not offered; null: they are */
  noGradients: string | null;
  memory: { kvBytes: number; computeBytes: number; steerBytes: number };
}

/** One turn as a chat template gets it; a `Message` is one. */
export interface ChatTurn {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  /** null: a turn of the model that only calls tools */
  content: string | null;
  /** what the model thought before it; most templates leave out all but the last */
  reasoning?: string | undefined;
  toolCalls?: { id: string; name: string /** JSON */; arguments: string }[] | undefined;
  /** of a tool's turn: the call that it answers */
  toolCallId?: string | undefined;
  /** of a tool's turn: the tool */
  name?: string | undefined;
}

/** A tool in OpenAI's form, passed to the template as it is; `parameters` is a JSON Schema. */
export interface ToolDefinition {
  type: "function";
  function: { name: string; description?: string | undefined; parameters?: Record<string, unknown> | undefined };
}

/** What a chat template is given beside the turns. What a template cannot do is refused by name. */
export interface RenderOptions {
  tools: ToolDefinition[];
  toolChoice: "auto" | "none" | "required";
  /** null: as the template has it */
  parallelToolCalls: boolean | null;
  /** false: the prompt ends with the last turn, and no answer is begun */
  addGenerationPrompt: boolean;
  /** null: the model reasons where its template has a part for it */
  thinking: boolean | null;
  /** e.g. "low", for templates that speak of `reasoning_effort` */
  reasoningEffort: string | null;
  /** further variables of the template */
  kwargs: Record<string, unknown>;
}

/** As a template is rendered when nothing is asked for. */
export const PLAIN_RENDER: Readonly<RenderOptions> = {
  tools: [],
  toolChoice: "auto",
  parallelToolCalls: null,
  addGenerationPrompt: true,
  thinking: null,
  reasoningEffort: null,
  kwargs: {},
};

/** The very prompt that an answer starts from. */
export interface Rendered {
  text: string;
  tokens: number[];
  renderer: "llama.cpp" | "jinja";
  /** the end of `text` in which the answer begins */
  generationPrompt: string;
  /** tokens that prompt and answer have room for together */
  contextSize: number;
  /** of the turns, where the oldest may go; null: nothing, or they do not fit at all */
  leftOut: Answer["overflow"];
}

export interface TokenPiece {
  text: string;
  /** where the token is only a part of a character */
  bytes: number[] | null;
}

/** `Plan`: as the daemon asks (SteeringPlan), as it goes over the pipe (SentPlan), or as rows (the engine's LoweredPlan). */
export interface EngineGenerate<Plan = SteeringPlan> {
  /** unique in the daemon: `<account>/<client>:<stream>` */
  id: string;
  messages: ChatTurn[] | null;
  render: RenderOptions;
  /** tokens that the model may think for; null: no limit */
  reasoningBudget: number | null;
  prompt: string | null;
  tokens: number[] | null;
  /** behind the gap that is filled, null for a text that goes on */
  suffix: string | null;
  /** the prompt's own tokens with their probabilities are wanted */
  echo: boolean;
  forced: number[] | null;
  logits: boolean;
  sampling: Sampling;
  stop: string[];
  grammar: string | null;
  jsonSchema: Record<string, unknown> | null;
  logitBias: Record<string, number>;
  topLogprobs: number;
  probes: ProbeSpec[];
  overflow: NonNullable<ChatParams["overflow"]>;
  plan: Plan | null;
  decoding: EngineDecoding<Plan> | null;
}

/** A stream is the answer's own, or one of `EngineDecoding.streams`. */
export const OWN_STREAM = -1;

/** A rule of decoding: sequences that are fed what the answer is, and what their logits are for. */
export interface EngineDecoding<Plan = SteeringPlan> {
  /** steering of each further stream, null: plain */
  streams: { plan: Plan | null }[];
  contrast: { alpha: number; plausibility: number; topP: number; toward: number; against: number } | null;
  /** block null: the whole answer; weights are those that count, a dial's share included */
  best: { candidates: number; block: number | "sentence" | null; rewards: Record<string, Reward> } | null;
  /** the stream of the plain model, from which the divergence is told; null: nobody asked */
  plain: number | null;
  /** tokens are drawn from π(z)·exp(λ·V(z)), V the scorers' values by their weights, each over its spread; null: they are not */
  tilt: { strength: number; plausibility: number; weights: Record<string, number> } | null;
  /** all that `best` and `tilt` name, by id */
  scorers: Record<string, EngineScorer>;
  /** in words */
  text: string;
}

/** What an unfinished answer is expected to earn: see engine/decoding/scorer.ts. */
export interface EngineScorer {
  site: SiteName;
  layer: number;
  rank: number;
  /** [(rank + 2) × width]: the tokens' rows, that of going on, that of ending */
  rows: Float32Array;
  /** [vocabulary × (rank + 1)] */
  tokens: Float32Array;
  bias: number;
  endBias: number;
  /** tokens that end an answer */
  ends: number[];
  /** standard deviation of the values over the model's own next tokens */
  spread: number;
  /** of an answer that a limit has cut off; null: what there is of it is judged */
  cut: number | null;
}

/** A request that asks for nothing but what `asks` says: each caller names only what it means. */
export function engineGenerate<Plan>(
  asks: Pick<EngineGenerate<Plan>, "id" | "plan"> & Partial<EngineGenerate<Plan>>,
): EngineGenerate<Plan> {
  return {
    messages: null,
    render: PLAIN_RENDER,
    reasoningBudget: null,
    prompt: null,
    tokens: null,
    suffix: null,
    echo: false,
    forced: null,
    logits: false,
    sampling: {},
    stop: [],
    grammar: null,
    jsonSchema: null,
    logitBias: {},
    topLogprobs: 0,
    probes: [],
    overflow: "refuse",
    decoding: null,
    ...asks,
  };
}

/** Activations read for a method's identification: one vector per text, site and layer. */
export interface EngineCollect<Plan = SteeringPlan> {
  id: string;
  /** strings are rendered as `render` says (raw text may name special tokens); turns go through the chat template; tokens stay */
  texts: (ContrastText | number[])[];
  render: "chat" | "raw";
  site: SiteName;
  layers: number[];
  /** further sites that are read in the same pass, at the same layers */
  also?: SiteName[];
  /** of `prompt-end`: edits of answers that act at that token alone; what stands before it is read once, without any */
  plans?: (Plan | null)[];
  /** of each text: an index into `plans`; left out: none acts */
  planOf?: number[];
  /**
   * `mean`: over the text's own tokens; `last`: the last of them; `prompt-end`: the last token before the answer. `all`: the mean
   * over every token there is, template, first position and sinks among them. See engine/tasks/own-tokens.ts.
   */
  readAt: "mean" | "last" | "prompt-end" | "all";
}

export interface EngineCollected {
  width: number;
  /** [texts × layers × width], row-major */
  data: Float32Array;
  /** of `also`, each as `data` with a width of its own */
  also: { width: number; data: Float32Array }[];
  /** in all texts, and how many of them were computed: what texts begin with alike is read once */
  tokens: number;
  computed: number;
  /** by text: its own tokens, how many of those that were read are attention sinks and left out, and the last one as text */
  texts: { own: number; sinks: number; ending: string }[];
  /** by layer: median norm of the residual at ordinary tokens */
  norms: number[];
}

/** Running statistics of sites over a corpus, without carrying activations between processes. One at a time in an engine. */
export interface EngineAccumulate {
  id: string;
  /** strings begin as the model's texts do and name no special tokens; tokens are read as they are */
  texts: (string | Int32Array)[];
  /** of each text: the class that its tokens are counted in */
  classOf: number[];
  classes: number;
  sites: SiteName[];
  /** null: all layers that have the sites */
  layers: number[] | null;
}

/** Of one place, over the tokens of each class: arrays are [classes × width], row-major. */
export interface PlaceCounts {
  site: SiteName;
  layer: number;
  width: number;
  /** tokens seen, [classes] */
  tokens: Float64Array;
  /** tokens at which the value was above 0 */
  positive: Float64Array;
  sum: Float64Array;
  sumSquares: Float64Array;
  max: Float32Array;
  /** where the maximum was: index of the text and of the token in it, the first of equals; −1 where no token was seen */
  maxText: Int32Array;
  maxPosition: Int32Array;
}

/** Rows of a tensor of the model's file, dequantised; null: how many it has, and how long they are. */
export interface EngineWeights {
  tensor: string;
  rows: { start: number; count: number } | null;
}

/** Answers and scored texts of a measurement; `plan` is an index into `plans`. See engine/study.ts. */
export interface EngineStudy<Plan = SteeringPlan> {
  id: string;
  plans: (Plan | null)[];
  answers: StudyAnswer[];
  /** of all answers; each has its own seed */
  sampling: Sampling;
  /** strings that end an answer, beside those of the template */
  stop?: string[];
  texts: StudyText[];
}

export interface StudyAnswer {
  plan: number;
  messages: Message[];
  /** in place of messages: a raw text that is continued */
  prompt?: string;
  seed: number;
}

export interface StudyText {
  plan: number;
  /** turns that the text answers; null: raw text from the start */
  messages: Message[] | null;
  text: string | null;
  /** in place of `text`: the tokens of an answer as they were written */
  tokens: number[] | null;
}

/** Texts under many plans, for comparing plans. See engine/tasks/likelihood.ts. */
export interface EngineLikelihood<Plan = SteeringPlan> {
  id: string;
  plans: (Plan | null)[];
  texts: StudyText[];
  /** only so many tokens of each text are scored */
  most: number;
}

/** By text: −log2 of its probability over so many scored tokens, which are so many bytes of text. */
export type EngineLikelihoodResult = { bits: number; tokens: number; bytes: number }[];

export interface EngineStudyResult {
  /** `ended`: by the model itself, not by the limit of tokens */
  answers: { text: string; tokens: number[]; ended: boolean }[];
  /** −log2 of the text's probability, over so many scored tokens */
  texts: { bits: number; tokens: number }[];
}

/** Rows of values at consecutive positions of a place. */
export interface PlacedRows {
  site: SiteName;
  layer: number;
  /** the first position, and how many */
  from: number;
  rows: number;
  /** [rows × width] */
  values: Float32Array;
}

/**
 * A loss over one prompt, and its gradients. Positions count the prompt's tokens; the plain model computes it, with nothing but
 * `shifts` added. See engine/tasks/gradient.ts.
 */
export interface EngineGradient {
  id: string;
  /** one of three: turns, with the header of an answer; raw text; tokens */
  messages: ChatTurn[] | null;
  prompt: string | null;
  tokens: number[] | null;
  /** turns whose own rendering is wanted to be told from the rest: how many tokens both begin with */
  head: ChatTurn[] | null;
  /** loss −= weight · log p(answer | prompt); one of text and tokens */
  answers: { text: string | null; tokens: number[] | null; weight: number }[];
  /** loss += weight · mean((x − values)²), at resid or final */
  states: (PlacedRows & { weight: number })[];
  /** [rows × d] in the place of embeddings, before any scale of the model; `insert`: in front of the token at `from`; null: where a prefix stands */
  embeddings: { from: number | null; insert: boolean; values: Float32Array } | null;
  /** x += values */
  shifts: PlacedRows[];
  /** `gradient`: d(loss)/d(x); `value`: x; `product`: of both */
  wants: { site: SiteName; layer: number; what: "gradient" | "value" | "product" }[];
}

export interface EngineGradientResult {
  /** of the prompt, with placeholders where embeddings were inserted */
  tokens: number[];
  texts: string[];
  /** tokens that the prompt and `head` begin with */
  head: number;
  loss: number;
  /** log p of each answer, natural, and its tokens */
  answers: { logprob: number; tokens: number[] }[];
  /** [prompt tokens × width] for each want */
  wanted: Float32Array[];
  /** position of the first embedding that was given; null: none was */
  embeddingsFrom: number | null;
  micros: number;
}

/** Answers to one prompt whose positions are shifted while it is read, each answer by its own. See engine/tasks/controlled.ts. */
export interface EngineControlled {
  id: string;
  messages: ChatTurn[];
  /** `first`: tokens that the answer begins with */
  variants: { shifts: PlacedRows[]; seed: number; first: number[] }[];
  sampling: Sampling;
}

export interface EngineControlledResult {
  promptTokens: number;
  answers: { text: string; tokens: number[]; ended: boolean }[];
}

export interface EngineTap<Plan = SteeringPlan> {
  /** `<account>/<client>` */
  client: string;
  prompt: string | null;
  tokens: number[] | null;
  sites: SiteName[];
  layers: number[] | null;
  logits: boolean;
  plan: Plan | null;
}

export interface EngineTapResult {
  tokens: number[];
  texts: string[];
  vocabulary: number;
  /** [tokens × V] or null */
  logits: Float32Array | null;
  sites: { site: SiteName; layer: number; width: number /** [tokens × width] */; data: Float32Array }[];
}

export interface EngineWatch {
  id: string;
  site: SiteName;
  layers: number[] | null;
  fps: number;
  encoding: "u8" | "f32";
}

/** Requests daemon → engine, name → [params, result]. Errors travel as TillerError.toWire(). */
export interface EngineRequests<Plan = SteeringPlan> {
  /** template: one of the user's own in place of the model's; threads: what was learned of them before */
  load: [{ path: string; options: LoadOptions; template: string | null; threads: LearnedThreads }, EngineModel];
  estimate: [{ path: string; options: LoadOptions }, MemoryEstimate];
  /** Its tokens have gone out as events. */
  generate: [EngineGenerate<Plan>, Omit<Answer, "stream" | "model" | "tokens">];
  cancel: [{ id: string }, { cancelled: boolean }];
  steer: [{ id: string; plan: Plan; controls: Record<string, number> }, { staged: true }];
  tap: [EngineTap<Plan>, EngineTapResult];
  watch: [EngineWatch, { layers: number[]; widths: number[]; bytesPerSecond: number }];
  unwatch: [{ id: string }, { ended: boolean }];
  collect: [EngineCollect<Plan>, EngineCollected];
  accumulate: [EngineAccumulate, { places: PlaceCounts[]; tokens: number }];
  weights: [EngineWeights, { type: string; shape: number[] /** [count × length of a row] */; data: Float32Array | null }];
  study: [EngineStudy<Plan>, EngineStudyResult];
  /** tokens of each text as it stands, without those that begin or end a text */
  encode: [{ texts: string[] }, { tokens: Int32Array[] }];
  /** the texts of single tokens */
  pieces: [{ tokens: number[] }, { pieces: string[] }];
  likelihood: [EngineLikelihood<Plan>, EngineLikelihoodResult];
  gradient: [EngineGradient, EngineGradientResult];
  controlled: [EngineControlled, EngineControlledResult];
  /** figures of each judge's reward for the texts of a `judge` event; null: they could not be had, for this reason */
  judged: [{ id: string; number: number; figures: Record<string, number[]> | null; problem: string }, { taken: boolean }];
  tokenize: [{ content: string; addSpecial: boolean; parseSpecial: boolean }, { tokens: number[]; pieces: TokenPiece[] }];
  /** special tokens as text */
  detokenize: [{ tokens: number[] }, { content: string }];
  /** the tokens that begin and end a text, as they are named, empty where there are none; and the template of conversations */
  /** `ends`: tokens that end an answer */
  vocabulary: [Record<string, never>, { bos: string; eos: string; template: string; ends: number[] }];
  template: [{ source: string | null }, TemplateFacts];
  /** `maxTokens`: of the answer, which `leftOut` counts with */
  render: [{ messages: ChatTurn[]; options: RenderOptions; maxTokens?: number | null }, Rendered];
  drain: [Record<string, never>, { drained: true }];
}

/** Threads that compute single answers: now, and on an idle machine. */
export interface ThreadsNow {
  now: number;
  idle: number;
}

/** Events engine → daemon. */
export interface EngineEvents {
  ready: { pid: number };
  loadProgress: { fraction: number };
  started: { id: string; seed: number; promptTokens: number; overflow: Answer["overflow"]; steered: SteeringReport };
  tokens: { id: string; tokens: Token[] };
  steering: { id: string; token: number; controls: Record<string, number>; steered: SteeringReport };
  live: {
    id: string;
    site: SiteName;
    layers: number[];
    widths: number[];
    token: number;
    encoding: "u8" | "f32";
    scales: number[];
    strongest: { layer: number; index: number; value: number }[];
    body: Uint8Array;
  };
  /** candidates of an answer are waiting for what judges say of them; `rewards` by name */
  judge: { id: string; number: number; rewards: Record<string, { judge: string; language: string }>; texts: string[] };
  learnedThreads: LearnedThreads;
  collectProgress: { id: string; fraction: number };
  stats: {
    running: number;
    queued: number;
    tokensPerSecond: number;
    decodes: number;
    decodeMicros: number;
    busyMicros: number;
    kvUsed: number;
    threads: ThreadsNow;
  };
}

export type EngineRequestName = keyof EngineRequests;
export type EngineEventName = keyof EngineEvents;
/** One of them: `name` says which `params` it has. */
export type EngineEvent<N extends EngineEventName = EngineEventName> = { [K in N]: { name: K; params: EngineEvents[K] } }[N];

export type ToEngine = {
  [N in EngineRequestName]: { type: "request"; id: number; name: N; params: EngineRequests<SentPlan>[N][0] };
}[EngineRequestName];
/** They come in arrays, in order. */
export type FromEngine =
  | { type: "result"; id: number; result: unknown }
  | { type: "error"; id: number; error: { code: number; message: string; data: unknown } }
  | ({ type: "event" } & EngineEvent);
