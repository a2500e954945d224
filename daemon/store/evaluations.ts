/** Evaluations (`<id>.eval.yaml`): the user's own, and the shipped ones behind them; and what damage is measured on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { type Materials, MinimalPairSchema, PlainTextSchema, type Question, QuestionSchema } from "../evaluate/receipts/materials.ts";
import { parseEvaluation } from "../evaluate/receipts/parse.ts";
import { fromZod, TillerError } from "../protocol/errors.ts";
import { type EvaluationSpec, type Prompt, PromptSchema } from "../protocol/evaluation.ts";
import { PresetIdSchema } from "../protocol/preset.ts";
import { inside } from "./paths.ts";

const SUFFIX = ".eval.yaml";

export class EvaluationStore {
  readonly #own: string;
  readonly #shipped: string;
  readonly #warn: (message: string) => void;

  /** @param warn is told of files that are passed over */
  constructor(paths: { readonly evaluations: string; readonly shipped: string }, warn: (message: string) => void = () => undefined) {
    this.#warn = warn;
    this.#own = paths.evaluations;
    this.#shipped = join(paths.shipped, "evaluation");
  }

  ids(): string[] {
    return [...new Set([...stems(this.#shipped), ...stems(this.#own)])].sort();
  }

  /** null: there is none of that id. @throws TillerError bad-preset */
  get(id: string): EvaluationSpec | null {
    const text = this.#text(id);
    return text === null ? null : parseEvaluation(text, `${id}${SUFFIX}`);
  }

  /**
   * The first, by id, that says it measures this artifact. One that cannot be read is passed over, unless it is this
   * artifact's, by its name or by what stands in it. @throws TillerError bad-preset
   */
  forArtifact(artifact: string): EvaluationSpec | null {
    const name = artifact.split("/")[1];
    for (const id of this.ids()) {
      try {
        const spec = this.get(id);
        if (spec?.artifact === artifact) return spec;
      } catch (error) {
        if (id === name || this.#mentions(id, artifact)) throw error;
        this.#warn(`an evaluation is passed over: ${TillerError.from(error).message}`);
      }
    }
    return null;
  }

  #mentions(id: string, artifact: string): boolean {
    try {
      const lines = (this.#text(id) ?? "").split("\n");
      return lines.some((line) => /^artifact:\s*["']?([^"'\s#]+)/.exec(line)?.[1] === artifact);
    } catch {
      return false;
    }
  }

  #text(id: string): string | null {
    PresetIdSchema.parse(id);
    return read(this.#own, id) ?? read(this.#shipped, id);
  }

  questions(): Question[] {
    return readLines(join(this.#shipped, "questions.jsonl"), QuestionSchema);
  }

  /** What a control is measured on that has no evaluation of its own. */
  prompts(): Prompt[] {
    return readLines(join(this.#shipped, "prompts.jsonl"), PromptSchema);
  }

  materials(): Materials {
    return {
      texts: readLines(join(this.#shipped, "plain-text.jsonl"), PlainTextSchema),
      choices: readLines(join(this.#shipped, "minimal-pairs.jsonl"), MinimalPairSchema),
    };
  }
}

function stems(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .filter((id) => PresetIdSchema.safeParse(id).success);
  } catch {
    return [];
  }
}

function read(folder: string, id: string): string | null {
  try {
    return readFileSync(inside(folder, `${id}${SUFFIX}`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function readLines<T extends z.ZodType>(path: string, schema: T): z.output<T>[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    const parsed = schema.safeParse(JSON.parse(line));
    if (!parsed.success) throw fromZod(parsed.error, "bad-artifact", `line ${index + 1}`);
    return [parsed.data];
  });
}
