/** The page before it knows anything. */
import { EMPTY_FORM } from "../experiments/form.ts";
import type { AnswerState, RackState, State } from "./state.ts";

export const EMPTY_RACK: RackState = {
  preset: null,
  name: "My sliders",
  description: "",
  controls: [],
  rest: {},
  dirty: false,
  acked: {},
  problem: null,
};

export const DEFAULT_SAMPLING = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, maxTokens: 512 } as const;

export const INITIAL: State = {
  link: { phase: "connecting", version: "", scopes: [], limits: null, problem: null },
  view: "chat",
  theme: "auto",
  sampling: { values: { ...DEFAULT_SAMPLING }, seed: 7, seedLocked: false, stop: [] },
  samplingOpen: false,
  model: null,
  library: { models: [], presets: [], artifacts: [], jobs: [], methods: [], experiments: [], progress: {}, ready: false, problem: null },
  rack: EMPTY_RACK,
  rackUndo: null,
  newSlider: EMPTY_FORM,
  dismissed: [],
  slidersOpen: true,
  probe: null,
  tintAt: "mean",
  answersAs: "rendered",
  overlay: null,
  conversations: [],
  drafts: {},
  current: null,
  answers: {},
  heat: { open: true, paused: false, site: "mlp.mid", layer: null, table: false, problem: null },
  report: null,
  compare: { prompt: "", system: "", before: [], steered: null, plain: null },
};

export function emptyAnswer(stream: string): AnswerState {
  return {
    stream,
    model: null,
    phase: "queued",
    text: "",
    tokens: [],
    reason: null,
    began: null,
    steered: null,
    changes: [],
    seed: null,
    stats: null,
    overflow: null,
    probe: null,
    controls: [],
    problem: null,
  };
}
