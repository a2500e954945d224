/** What a task asks, whichever file or rule it comes from, and how an answer is scored. */
import { chrf, exact, f1 } from "./metrics.ts";

export const TASKS = {
  translation: "a sentence into each language, by chrF",
  qa: "a question about a text, by F1 and exact match",
  comprehension: "a question with four answers to choose from, by accuracy",
  nli: "whether a text makes a sentence true, false or neither, by accuracy",
} as const;
export type Task = keyof typeof TASKS;

export interface Item {
  readonly prompt: string;
  /** answers that are right; of a choice the one option */
  readonly wanted: readonly string[];
  /** null: the answer is written freely */
  readonly options: readonly string[] | null;
  /** score of understanding nothing: the source copied, the whole text given back, a guess */
  readonly chance: number;
}

/** XNLI's three answers, in the order of its numbers. */
export const VERDICTS = ["true", "not said", "false"] as const;

const NAMES = new Intl.DisplayNames(["en"], { type: "language" });

export function translationItem(text: string, wanted: string, target: string): Item {
  return { prompt: `Translate into ${NAMES.of(target)}: ${text}`, wanted: [wanted], options: null, chance: chrf(text, wanted) };
}

export function questionItem(text: string, question: string, wanted: readonly string[]): Item {
  const prompt = `${text}\n\nAnswer with a few words of the text. ${question}`;
  return { prompt, wanted, options: null, chance: best(wanted, (one) => f1(text, one)) };
}

export function choiceItem(text: string, question: string, options: readonly string[], right: number): Item {
  return { prompt: `${text}\n\n${question}`, wanted: [options[right]!], options, chance: 1 / options.length };
}

export function verdictItem(premise: string, hypothesis: string, right: number): Item {
  const prompt = `${premise}\n\nIs this true, false or not said? ${hypothesis}`;
  return { prompt, wanted: [VERDICTS[right]!], options: VERDICTS, chance: 1 / VERDICTS.length };
}

/** The task's own figure, 0 to 1, and the exact match of a free answer. */
export function scoreOf(task: Task, { wanted, options }: Item, answer: string): { value: number; exact: number } {
  const same = best(wanted, (one) => (options === null ? exact(answer, one) : Number(answer === one)));
  if (options !== null) return { value: same, exact: same };
  return { value: best(wanted, (one) => (task === "translation" ? chrf(answer, one) : f1(answer, one))), exact: same };
}

function best(wanted: readonly string[], of: (one: string) => number): number {
  return Math.max(0, ...wanted.map(of));
}
