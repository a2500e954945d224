/** "Does it work?" in a minute or two: one strength, its negative, a prompt, and random directions, looked at as answers come in. */
import type { Experiment, Library } from "../../methods/contract.ts";
import { EvaluateParamsSchema, type EvaluationSpec } from "../../protocol/evaluation.ts";
import { cellsOfArm } from "./arms.ts";
import { type Quick, type QuickParams, QuickParamsSchema, QuickSchema } from "./params.ts";
import { prepareMeasured } from "./prepare.ts";
import { QUICK_DRAWS, QUICK_TOKENS, quickCells } from "./quick-design.ts";
import { quickVerdict } from "./quick-run.ts";
import { workOfAnswers } from "./work.ts";

export const quickExperiment: Experiment<Quick> = {
  id: "quick-verdict",
  title: "Quick verdict",
  summary:
    "Whether a control works, in a minute or two with a small model: one strength beside its negative, a prompt and random directions, until it can be told.",
  params: QuickParamsSchema,
  prepared: QuickSchema,
  produces: ["receipt"],
  needs: ["chat-template"],
  engine: true,
  about: ({ preset, artifact }) => preset ?? artifact!,
  prepare: ({ strength, ...asked }: QuickParams, library) => {
    const { n: _, calibrate: __, ...measured } = prepareMeasured(EvaluateParamsSchema.parse(asked), library);
    return QuickSchema.parse({ ...measured, spec: quickSpec(measured.spec, library), ...(strength === undefined ? {} : { strength }) });
  },
  estimate: ({ spec }) => {
    const cells = quickCells(spec, 0);
    const once = cells.slice(0, spec.prompts.length);
    const random = workOfAnswers({ kind: "plain" }, spec, cellsOfArm({ kind: "random", strength: 1 }, cells));
    const tokens = 2 * workOfAnswers({ kind: "plain" }, spec, cells) + random + 2 * workOfAnswers({ kind: "prompt" }, spec, once);
    return { tokens, bytes: 0 };
  },
  run: async (params, lab) => ({ artifact: await quickVerdict(params, lab) }),
};

/** On prompts of six kinds where they can be asked in the specification's languages, else on its own; with short answers. */
function quickSpec(spec: EvaluationSpec, library: Library): EvaluationSpec {
  const shipped = library.prompts();
  const prompts = shipped.every(({ language }) => spec.baseline[language] !== undefined) ? [...shipped] : spec.prompts;
  const maxTokens = Math.min(QUICK_TOKENS, spec.sampling.maxTokens ?? QUICK_TOKENS);
  return { ...spec, prompts, draws: QUICK_DRAWS, sampling: { ...spec.sampling, maxTokens } };
}
