/** Everything that can happen to the state. */

import type { ExperimentEntry, MethodEntry } from "../../daemon/protocol/api/experiment.ts";
import type { Answer, Token } from "../../daemon/protocol/api/generate.ts";
import type { ArtifactEntry, Job, PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import type { Control, Preset, Sampling, Scope } from "../../daemon/protocol/preset.ts";
import type { ExperimentForm } from "../experiments/form.ts";
import type {
  AnswerState,
  CompareState,
  Conversation,
  HeatState,
  LinkState,
  Problem,
  Progress,
  SamplingState,
  State,
  Steered,
  ThemeChoice,
  Turn,
  View,
} from "./state.ts";

export type Action =
  | { type: "restored"; state: Partial<State> }
  | { type: "link"; link: Partial<LinkState> }
  | { type: "view"; view: View }
  | { type: "theme"; theme: ThemeChoice }
  | { type: "panel"; panel: "sliders" | "sampling"; open: boolean }
  | { type: "sampling"; values: Partial<Omit<Sampling, "seed">>; replace?: boolean }
  | { type: "sampling/options"; options: Partial<Pick<SamplingState, "seed" | "seedLocked" | "stop">> }
  | { type: "probe"; probe: string | null }
  | { type: "tint"; at: State["tintAt"] }
  | { type: "answers-as"; view: State["answersAs"] }
  | { type: "overlay"; overlay: State["overlay"] }
  | { type: "new-slider"; form: ExperimentForm }
  /** opens the report of a job */
  | { type: "report"; job: string }
  | LibraryAction
  | RackAction
  | ChatAction
  | OutsideAction
  | AnswerAction
  | { type: "heat"; heat: Partial<HeatState> }
  | { type: "compare"; compare: Partial<CompareState> };

export type LibraryAction =
  | {
      type: "library/loaded";
      models: Model[];
      presets: PresetEntry[];
      artifacts: ArtifactEntry[];
      jobs: Job[];
      methods: MethodEntry[];
      experiments: ExperimentEntry[];
      defaultModel: string | null;
    }
  | { type: "library/problem"; problem: Problem | null }
  | { type: "library/model"; model: Model }
  | { type: "library/removed"; model: string }
  | { type: "library/presets"; presets: PresetEntry[] }
  | { type: "library/preset"; entry: PresetEntry }
  | { type: "library/job"; job: Job }
  | { type: "library/dismiss"; job: string }
  | { type: "library/progress"; model: string; progress: Progress | null }
  | { type: "model"; model: string };

export type RackAction =
  | { type: "rack/preset"; id: string | null; preset: Preset }
  | { type: "rack/clear" }
  | { type: "rack/strength"; name: string; strength: number }
  | { type: "rack/enabled"; name: string; enabled: boolean }
  | { type: "rack/add"; name: string; control: Control; scope: Scope | null }
  | { type: "rack/change"; name: string; control: Partial<Control>; scope?: Scope }
  | { type: "rack/remove"; name: string }
  | { type: "rack/move"; name: string; by: 1 | -1 }
  | { type: "rack/saved"; id: string; name: string; description?: string }
  /** the chosen preset is deleted; `back`: the shipped one that it hid */
  | { type: "rack/deleted"; id: string; name: string; text: string; back: Preset | null }
  | { type: "rack/undo" }
  | { type: "rack/acked"; strengths: Readonly<Record<string, number>> }
  | { type: "rack/problem"; problem: Problem | null };

export type ChatAction =
  | { type: "chat/new"; conversation: Conversation }
  | { type: "chat/open"; id: string }
  | { type: "chat/rename"; id: string; title: string }
  | { type: "chat/delete"; id: string }
  | { type: "chat/system"; id: string; system: string }
  | { type: "chat/draft"; id: string | null; text: string }
  | { type: "chat/turns"; id: string; turns: readonly Turn[]; at: string }
  | { type: "chat/show"; id: string; turn: string; shown: number };

/** What another tab stored. */
export type OutsideAction = { type: "outside"; conversation: Conversation; answers: Readonly<Record<string, AnswerState>> };

export type AnswerAction =
  | {
      type: "answer/asked";
      stream: string;
      model: string | null;
      seed: number;
      probe: string | null;
      controls: readonly string[];
      left: readonly string[];
    }
  | { type: "answer/started"; stream: string; model: string; seed: number; steered: Steered; overflow: Answer["overflow"] }
  | { type: "answer/tokens"; stream: string; tokens: readonly Token[] }
  | { type: "answer/steering"; stream: string; token: number; controls: Record<string, number>; steered: Steered }
  | { type: "answer/ended"; answer: Answer }
  | { type: "answer/failed"; stream: string; reason: Answer["reason"]; problem: Problem };
