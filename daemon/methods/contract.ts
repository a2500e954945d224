/**
 * What a steering method is, and what an experiment is. A method lives in its own folder and has one line in index.ts; its
 * controls, forms, commands and pages are made from what it says here.
 *
 * Hints in a schema's `.meta()`, for forms and the command line:
 * `title` a field's label, `help` more about it, `group` fields that belong together, `advanced` shown on request,
 * `widget` how it is asked for: "pairs", "texts", "corpora" (a text in each language), "file", "text", "judge", "artifact", "layers", "site", "select",
 * `options` {value: what it does, in a line}.
 */
import type * as z from "zod";
import type { CompileModel, FoundArtifact, LoadedArtifact, MethodCompiler } from "../compiler/types.ts";
import type { Capability, ExperimentEstimate, PRODUCTS } from "../protocol/api/experiment.ts";
import type { Artifact } from "../protocol/artifact.ts";
import type { EngineRequestName, EngineRequests } from "../protocol/engine-api.ts";
import type { EvaluationSpec, JudgeChoice, Prompt } from "../protocol/evaluation.ts";
import type { Judge } from "../protocol/judge.ts";
import type { Numerics } from "../protocol/numerics.ts";
import type { Preset } from "../protocol/preset.ts";
import type { Estimate, Receipt } from "../protocol/receipt.ts";
import type { Block } from "../protocol/report.ts";

export interface Citation {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** what of it is used here, and what differs */
  readonly ours: string;
}

/** A file format that the method's artifacts are written in, beside the one that holds every artifact. */
export interface Format {
  readonly id: string;
  readonly title: string;
  /** with its dot */
  readonly extension: string;
  readonly options: z.ZodType;
  /** @throws TillerError where the format cannot hold it */
  export(artifact: LoadedArtifact, options: unknown): Uint8Array;
}

export interface Method<Settings = unknown, Body = unknown> extends MethodCompiler<Settings> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly citations: readonly Citation[];
  /** of its artifacts; checked whenever one is read */
  readonly body: z.ZodType<Body>;
  /** how good an artifact is, in its experiment's own figures */
  quality?(artifact: Artifact): string | null;
  readonly formats: readonly Format[];
  readonly experiments: readonly Experiment[];
}

/** What is known of a model without loading it. */
export interface TargetModel {
  readonly id: string;
  readonly fingerprint: string;
  readonly architecture: string;
  readonly quantisation: string;
  readonly layers: number;
  readonly width: number;
}

export interface Question {
  /** ISO 639-1 */
  readonly language: string;
  readonly text: string;
}

/** What damage is measured on: plain text that no model here was trained on, and minimal pairs. */
export interface Materials {
  readonly texts: readonly { readonly language: string; readonly text: string }[];
  readonly choices: readonly { readonly language: string; readonly kind: string; readonly good: string; readonly bad: string }[];
}

/** What experiments may look up; none of it needs an engine. */
export interface Library {
  artifact(id: string): LoadedArtifact | null;
  /** ids of all */
  artifacts(): string[];
  /** @throws TillerError not-found, bad-preset */
  preset(id: string): Preset;
  /** @throws TillerError not-found */
  judge(id: string): Judge;
  /** those that come with Tiller and judge texts in these languages */
  judges(languages: readonly string[]): readonly Judge[];
  /** @throws TillerError where the judge, its label or figure, or one of the languages does not exist */
  checkJudge(choice: JudgeChoice, field: string, languages: readonly string[]): void;
  /** the evaluation that is kept for a preset or an artifact; null: none */
  evaluation(target: { readonly preset?: string | undefined; readonly artifact?: string | undefined }): EvaluationSpec | null;
  /** what damage is measured on */
  materials(): Materials;
  /** what was measured of an artifact, the newest first */
  receipts(id: string): readonly Receipt[];
  /** prompts of six kinds that come with Tiller, for measuring; nothing is learned from them */
  prompts(): readonly Prompt[];
  /** questions that come with Tiller; `held` are kept for measuring, the others may be learned from */
  questions(which: "held" | "free"): readonly Question[];
}

/** A request of the lab: an engine's without the name that the run gives it. */
export type Asks<N extends EngineRequestName> = Omit<EngineRequests[N][0], "id" | "client">;
export type Gets<N extends EngineRequestName> = EngineRequests[N][1];
type OnProgress = (fraction: number) => void;

/** What a run may ask of the model. Everything is cancelled with the job and shares one governor with the chats. */
export interface Lab<Checkpoint = unknown> extends Library {
  /** of an experiment that runs on an engine */
  readonly model: CompileModel;
  /** how it is computed, which receipts record; of an experiment that runs on an engine */
  readonly numerics: Numerics;
  /** the model that was asked for; null: none was */
  readonly target: TargetModel | null;
  /** ISO date of the job, for provenance */
  readonly created: string;
  readonly job: string;
  /** this build of the program: figures of two builds are not put together */
  readonly build: string;
  readonly signal: AbortSignal;
  progress(fraction: number, message: string): void;
  /** said behind every message from now on */
  note(text: string): void;
  /** activations, [texts × layers × width] */
  read(request: Asks<"collect">, onProgress?: OnProgress): Promise<Gets<"collect">>;
  /** every token of one prompt at whole sites, with its logits where they are wanted; refused with numbers where it is too much */
  tap(request: Asks<"tap">): Promise<Gets<"tap">>;
  /** counts above 0, sums, squares and maxima over a corpus; what it holds follows from places and classes, not from the corpus */
  accumulate(request: Asks<"accumulate">, onProgress?: OnProgress): Promise<Gets<"accumulate">>;
  /** rows of a tensor of the model's file, dequantised */
  weights(request: Asks<"weights">): Promise<Gets<"weights">>;
  /** tokens of texts as they stand, without those that begin or end a text */
  encode(texts: readonly string[]): Promise<Int32Array[]>;
  /** tokens of a conversation, as an answer to it starts; a model that can leave its thoughts out does */
  render(messages: readonly { readonly role: "user"; readonly content: string }[]): Promise<number[]>;
  /** tokens that end an answer */
  ends(): Promise<number[]>;
  /** texts of single tokens */
  pieces(tokens: readonly number[]): Promise<string[]>;
  /** answers and scored texts in batches under named plans; the same request gives the same result to the last digit */
  study(request: Asks<"study">, onProgress?: OnProgress): Promise<Gets<"study">>;
  /** texts under many plans, prompts read once without steering: for comparing plans */
  likelihood(request: Asks<"likelihood">, onProgress?: OnProgress): Promise<Gets<"likelihood">>;
  /** a loss over one prompt and its gradients; what is left out is empty; needs the capability `gradients` */
  gradient(request: Partial<Asks<"gradient">>): Promise<Gets<"gradient">>;
  /** answers to one prompt whose own positions are shifted while it is read */
  controlled(request: Asks<"controlled">): Promise<Gets<"controlled">>;
  /** one score per text, null where the judge gave none */
  scores(choice: JudgeChoice, texts: readonly { readonly text: string; readonly language?: string }[]): Promise<(number | null)[]>;
  /** mean of the clusters' means with its 95 % interval, over clusters: what belongs together is no independent observation */
  interval(clusters: readonly (readonly number[])[]): Estimate;
  /** what an earlier run of this job has finished; null: nothing, or nothing that this version can read */
  resume(): Checkpoint | null;
  /** kept for when the job goes on after an end of the daemon */
  keep(checkpoint: Checkpoint): void;
  /** @throws TillerError conflict where something else has taken the id since, unless `replace` */
  save(found: FoundArtifact, replace: boolean): Artifact;
  saveReceipt(receipt: Receipt): void;
  /** Another experiment as a part of this one, in its share of the progress. */
  run(id: string, params: unknown, share: readonly [from: number, to: number]): Promise<Outcome>;
}

/** What an estimate knows of a model: of one that is not loaded, what its header says. */
export interface SizeFacts {
  readonly layers: number;
  readonly width: number;
  readonly vocabulary: number;
  /** f of each layer; of a model that is not loaded four times its width */
  readonly mlpWidths: readonly number[];
}

export interface Outcome {
  /** artifact that was made or measured; null: there is none */
  readonly artifact: string | null;
  readonly report?: readonly Block[];
}

/** @typeParam Params what a run is given: what was asked for, with everything fixed by `prepare` */
export interface Experiment<Params = unknown, Checkpoint = unknown> {
  readonly id: string;
  readonly title: string;
  /** a sentence or two */
  readonly summary: string;
  /** what is asked for; `.meta()` carries the form */
  readonly params: z.ZodType;
  /** what is kept and given to `run`; left out: the same as `params` */
  readonly prepared?: z.ZodType<Params>;
  readonly produces: readonly (typeof PRODUCTS)[number][];
  readonly needs: readonly Capability[];
  /** false: it needs no loaded model and runs at once */
  readonly engine: boolean;
  /** what it works on, for the list of jobs: the artifact that it makes, or what it measures */
  about(params: Params): string;
  /** id of the artifact that it makes, and whether it may take one's place */
  makes?(params: Params): { readonly id: string; readonly replace: boolean };
  /** Checks and fixes what was asked for, before anything waits or loads. @throws TillerError naming the field */
  prepare?(asked: never, library: Library): Params;
  estimate(params: Params, facts: SizeFacts): Omit<ExperimentEstimate, "seconds">;
  readonly checkpoint?: z.ZodType<Checkpoint>;
  run(params: Params, lab: Lab<Checkpoint>): Promise<Outcome>;
}
