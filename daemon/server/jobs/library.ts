/** What experiments may look up, from the stores. */
import { splitQuestions } from "../../evaluate/receipts/question-spec.ts";
import type { Library } from "../../methods/contract.ts";
import type { ArtifactStore } from "../../store/artifacts.ts";
import type { EvaluationStore } from "../../store/evaluations.ts";
import type { SteeringCompiler } from "../answers/steering.ts";
import type { Judges } from "./judges.ts";

interface Stores {
  readonly artifacts: ArtifactStore;
  readonly steering: SteeringCompiler;
  readonly judges: Judges;
  readonly evaluations: EvaluationStore;
}

export function libraryOf({ artifacts, steering, judges, evaluations }: Stores): Library {
  return {
    artifact: (id) => artifacts.load(id),
    artifacts: () => artifacts.list().map(({ id }) => id),
    preset: (id) => steering.preset(id),
    judge: (id) => judges.get(id),
    judges: (languages) => judges.shipped(languages),
    checkJudge: (choice, field, languages) => judges.check(choice, field, languages),
    evaluation: ({ preset, artifact }) => (preset !== undefined ? evaluations.get(preset) : evaluations.forArtifact(artifact!)),
    materials: () => evaluations.materials(),
    receipts: (id) => artifacts.get(id)?.receipts ?? [],
    prompts: () => evaluations.prompts(),
    questions: (which) => splitQuestions(evaluations.questions())[which],
  };
}
