/** Text of an evaluation (`*.eval.yaml`) to a checked specification; problems say where. */
import { readYaml } from "../../compiler/yaml.ts";
import { fromZod, TillerError } from "../../protocol/errors.ts";
import { type EvaluationSpec, EvaluationSpecSchema } from "../../protocol/evaluation.ts";

/** @throws TillerError bad-preset with the field, or the line for text that is no YAML */
export function parseEvaluation(text: string, name: string): EvaluationSpec {
  const { document, problems, position } = readYaml(text);
  const problem = problems[0];
  if (problem !== undefined) {
    const at = position(problem.offset);
    throw new TillerError("bad-preset", `${name}, line ${at.line}: ${problem.message}`, at);
  }
  const parsed = EvaluationSpecSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return parsed.data;
  const { message, detail } = fromZod(parsed.error, "bad-preset");
  throw new TillerError("bad-preset", `${name}: ${message}`, detail);
}
