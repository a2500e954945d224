/** What a prefix is trained towards: the search's answers and states for each prompt, or the model's own judgement of what it answers now. */
import type { PlacedRows } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { SteeringPlan } from "../../protocol/plan.ts";
import type { Lab } from "../contract.ts";
import type { Example, State } from "./objectives.ts";
import type { Train } from "./params.ts";
import type { Suffix } from "./score.ts";
import { residualNorms, search } from "./search.ts";
import { settingsOf } from "./search-experiment.ts";
import { written } from "./serve.ts";
import { userTurn } from "./train.ts";

/** Of each prompt: what the search found; null where that was not better than the plain answer. */
export interface Targets {
  readonly answers: readonly (string | null)[];
  /** for the objective that needs them */
  readonly states: readonly (readonly State[] | null)[];
}

/** @param kept answers of an earlier run; states are too large to be kept, so the search goes over those prompts again */
export async function searched(
  prompts: readonly string[],
  suffixes: readonly Suffix[],
  params: Train,
  lab: Lab<never> | Pick<Lab, "gradient" | "controlled" | "tap" | "model" | "progress" | "signal">,
  kept: readonly (string | null)[],
  keep: (found: readonly (string | null)[]) => void,
): Promise<Targets> {
  if (params.objective === "score") return { answers: [], states: [] };
  const needsStates = params.objective === "states";
  const answers = needsStates ? [] : [...kept];
  const states: (readonly State[] | null)[] = [];
  for (const text of prompts.slice(answers.length)) {
    lab.signal.throwIfAborted();
    lab.progress((0.3 * answers.length) / prompts.length, `search for prompt ${answers.length + 1} of ${prompts.length}`);
    const found = await search(userTurn(text), suffixes, settingsOf(params, lab), lab);
    answers.push(found.after > found.before ? found.answer : null);
    if (needsStates) states.push(found.control.length === 0 ? null : await statesOf(text, found.control, lab));
    keep(answers);
  }
  if ((needsStates ? states : answers).every((one) => one === null))
    throw new TillerError(
      "not-supported",
      `the search found nothing better for any of ${prompts.length} prompts, so there is nothing to train for`,
      {
        suggestion: "Give other prompts, a plainer guideline, more iterations or branches, or train for the objective `score`.",
      },
    );
  return { answers, states };
}

/** The residual at the prompt's positions under a control, at every layer. */
async function statesOf(text: string, control: readonly PlacedRows[], lab: Pick<Lab, "gradient" | "model">): Promise<State[]> {
  const layers = Array.from({ length: lab.model.facts.layers }, (_, layer) => layer);
  const messages = userTurn(text);
  const norms = await residualNorms(messages, layers, lab);
  const { wanted, tokens } = await lab.gradient({
    messages,
    shifts: [...control],
    answers: [{ text: null, tokens: [0], weight: 1 }],
    wants: layers.map((layer) => ({ site: "resid", layer, what: "value" })),
  });
  const width = lab.model.facts.width;
  return layers.map((layer, i) => ({ layer, rows: tokens.length, values: wanted[i]!, meanSquare: norms[i]! ** 2 / width }));
}

/** @param plan the prefix as it is now */
export async function examplesOf(
  prompts: readonly string[],
  { answers, states }: Targets,
  suffixes: readonly Suffix[],
  { objective, maxTokens }: Pick<Train, "objective" | "maxTokens">,
  plan: SteeringPlan,
  lab: Pick<Lab, "study">,
): Promise<Example[]> {
  const turns = prompts.map(userTurn);
  if (objective === "answers") return turns.flatMap((prompt, i) => (answers[i] == null ? [] : [{ objective, prompt, answer: answers[i] }]));
  if (objective === "states") return turns.flatMap((prompt, i) => (states[i] == null ? [] : [{ objective, prompt, states: states[i] }]));
  const now = await written(
    [plan],
    turns.map((prompt) => ({ prompt, plan: 0 })),
    maxTokens,
    lab,
  );
  return turns.map((prompt, i) => ({ objective, prompt, answer: now[i]!, suffixes }));
}
