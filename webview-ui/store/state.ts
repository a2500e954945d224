/** Everything the page knows, as one plain object. Live activations are not here: they change 30 times a second and only a canvas wants them. */
import type { Limits } from "../../daemon/protocol/api/daemon.ts";
import type { ExperimentEntry, MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { Answer, Token } from "../../daemon/protocol/api/generate.ts";
import type { ArtifactEntry, Job, PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import type { Control, Preset, Sampling } from "../../daemon/protocol/preset.ts";
import type { SiteName } from "../../daemon/protocol/sites.ts";
import type { ExperimentForm } from "../experiments/form.ts";

/** What a button on an error can do. */
export type FixKind = "retry" | "sign-in" | "reconnect" | "open-models" | "open-sliders" | "new-chat" | "reload-library" | "sampling";

/** An error as it is shown: what happened, why, what to do next, and a button that does it. */
export interface Problem {
  readonly what: string;
  readonly why: string | null;
  readonly next: string | null;
  readonly fix: { readonly label: string; readonly kind: FixKind } | null;
}

/**
 * `stopping`: what runs may end, nothing new begins; `lost`: the page tries again by itself; `closed`: another attempt would
 * fail the same way.
 */
export type LinkPhase = "signed-out" | "connecting" | "open" | "stopping" | "lost" | "closed";

export interface LinkState {
  readonly phase: LinkPhase;
  readonly version: string;
  readonly scopes: readonly string[];
  readonly limits: Limits | null;
  readonly problem: Problem | null;
}

export type Changes = Answer["changes"];
export type Steered = Answer["steered"];

/** One answer, running or ended; conversations and the comparison refer to it by its stream id. */
export interface AnswerState {
  readonly stream: string;
  readonly model: string | null;
  readonly phase: "queued" | "running" | "ended";
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly reason: Answer["reason"] | null;
  /** what steered it when it began, and last; they differ where a slider was moved */
  readonly began: Steered | null;
  readonly steered: Steered | null;
  readonly changes: Changes;
  readonly seed: number | null;
  readonly stats: Answer["stats"] | null;
  readonly overflow: Answer["overflow"];
  /** the artifact whose reading tints the tokens */
  readonly probe: string | null;
  /** the controls that a slider can move while it runs */
  readonly controls: readonly string[];
  /** sliders that belong to another model and were left out; of an older page: not known */
  readonly left?: readonly string[];
  readonly problem: Problem | null;
}

export interface UserTurn {
  readonly id: string;
  readonly role: "user";
  readonly text: string;
  /** the ends of the conversation that begin with this question in other words, `[]` for the `shown` one; left out: there is one */
  readonly tails?: readonly (readonly Turn[])[];
  readonly shown?: number;
}
/** Regenerating keeps the earlier answers; `shown` picks one. One that stands behind another answer continues it. */
export interface AssistantTurn {
  readonly id: string;
  readonly role: "assistant";
  readonly answers: readonly string[];
  readonly shown: number;
  /** what followed those that are not shown, by stream */
  readonly after?: Readonly<Record<string, readonly Turn[]>>;
}
export type Turn = UserTurn | AssistantTurn;

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly named: boolean;
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly created: string;
  readonly updated: string;
}

/** One slider. `base` is the strength that reset goes back to. */
export interface RackControl {
  readonly name: string;
  readonly control: Control;
  readonly base: number;
  readonly enabled: boolean;
}

export interface RackState {
  readonly preset: string | null;
  readonly name: string;
  readonly description: string;
  readonly controls: readonly RackControl[];
  /** the parts of the preset that have no slider, kept as they are */
  readonly rest: Pick<Preset, "model" | "when" | "hold" | "scope" | "decoding" | "system" | "sampling">;
  readonly dirty: boolean;
  /** the last strengths that a running answer acknowledged, by control */
  readonly acked: Readonly<Record<string, number>>;
  readonly problem: Problem | null;
}

/** What "Undo" brings back: a rack that was left with changes, a slider, or a preset with the rack that it was. */
export type RackUndo =
  | { readonly kind: "left"; readonly rack: RackState; readonly sampling: SamplingState }
  | { readonly kind: "removed"; readonly name: string; readonly before: RackState; readonly after: RackState }
  | {
      readonly kind: "deleted";
      readonly id: string;
      readonly name: string;
      readonly text: string;
      /** a shipped preset came back in its place */
      readonly back: boolean;
      readonly rack: RackState;
      readonly sampling: SamplingState;
    };

export interface SamplingState {
  readonly values: Omit<Sampling, "seed">;
  readonly seed: number;
  readonly seedLocked: boolean;
  readonly stop: readonly string[];
}

export interface Progress {
  readonly phase: "load" | "download";
  readonly fraction: number;
  readonly bytes: number | null;
  readonly totalBytes: number | null;
}

export interface LibraryState {
  readonly models: readonly Model[];
  readonly presets: readonly PresetEntry[];
  readonly artifacts: readonly ArtifactEntry[];
  readonly jobs: readonly Job[];
  readonly methods: readonly MethodEntry[];
  readonly experiments: readonly ExperimentEntry[];
  readonly progress: Readonly<Record<string, Progress>>;
  readonly ready: boolean;
  readonly problem: Problem | null;
}

export interface HeatState {
  readonly open: boolean;
  readonly paused: boolean;
  readonly site: SiteName;
  /** null: every layer */
  readonly layer: number | null;
  readonly table: boolean;
  readonly problem: Problem | null;
}

export interface CompareState {
  readonly prompt: string;
  readonly system: string;
  /** turns before the prompt, when the comparison was started from a conversation */
  readonly before: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
  readonly steered: string | null;
  readonly plain: string | null;
}

export type View = "chat" | "sliders" | "live" | "compare" | "models" | "reports";
export type ThemeChoice = "auto" | "light" | "dark" | "contrast";

export interface State {
  readonly link: LinkState;
  readonly view: View;
  readonly theme: ThemeChoice;
  readonly sampling: SamplingState;
  readonly samplingOpen: boolean;
  readonly model: string | null;
  readonly library: LibraryState;
  readonly rack: RackState;
  readonly rackUndo: RackUndo | null;
  /** what stands in the form of a new slider, until it is sent */
  readonly newSlider: ExperimentForm;
  /** ended jobs that need not be shown any more, the latest last */
  readonly dismissed: readonly string[];
  readonly slidersOpen: boolean;
  readonly probe: string | null;
  readonly tintAt: "mean" | "zero";
  /** Markdown as it is meant, or the text as it was written, token by token */
  readonly answersAs: "rendered" | "tokens";
  /** what lies above the page */
  readonly overlay: "palette" | "keys" | null;
  readonly conversations: readonly Conversation[];
  /** what is written and not sent, by conversation; under `""` where none is open */
  readonly drafts: Readonly<Record<string, string>>;
  readonly current: string | null;
  readonly answers: Readonly<Record<string, AnswerState>>;
  readonly heat: HeatState;
  /** the job whose report is open; null: the newest */
  readonly report: string | null;
  readonly compare: CompareState;
}
