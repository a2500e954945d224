/**
 * Items from files in the shapes of public sets, one file for each language: FLORES and NTREX (a sentence on each line, the same line in
 * each file), XQuAD (SQuAD's JSON), Belebele and XNLI (a JSON object on each line, with the names of the release or of its copy on Hugging Face).
 */
import * as z from "zod";
import { TillerError } from "../../../protocol/errors.ts";
import { choiceItem, type Item, questionItem, type Task, translationItem, verdictItem } from "./items.ts";

const SquadSchema = z.object({
  data: z.array(
    z.object({
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(z.object({ question: z.string(), answers: z.array(z.object({ text: z.string() })).min(1) })),
        }),
      ),
    }),
  ),
});

const BelebeleSchema = z.object({
  flores_passage: z.string(),
  question: z.string(),
  mc_answer1: z.string(),
  mc_answer2: z.string(),
  mc_answer3: z.string(),
  mc_answer4: z.string(),
  correct_answer_num: z.coerce.number().int().min(1).max(4),
});

const LABELS = ["entailment", "neutral", "contradiction"] as const;
const XnliSchema = z.union([
  z
    .object({ premise: z.string(), hypothesis: z.string(), label: z.union([z.enum(LABELS), z.number().int().min(0).max(2)]) })
    .transform(({ premise, hypothesis, label }) => ({
      premise,
      hypothesis,
      right: typeof label === "number" ? label : LABELS.indexOf(label),
    })),
  z
    .object({ sentence1: z.string(), sentence2: z.string(), gold_label: z.enum(LABELS) })
    .transform(({ sentence1, sentence2, gold_label }) => ({
      premise: sentence1,
      hypothesis: sentence2,
      right: LABELS.indexOf(gold_label),
    })),
]);

/** @throws TillerError invalid-params naming the language, the line and what is wrong there */
export function itemsIn(task: Task, files: Readonly<Record<string, string>>, source: string, language: string): Item[] {
  const text = files[language]!;
  switch (task) {
    case "translation": {
      const [from, to] = [linesOf(files[source] ?? ""), linesOf(text)];
      if (from.length !== to.length) throw wrong(language, `it has ${to.length} lines, the one in '${source}' has ${from.length}`);
      return from.map((line, i) => translationItem(line, to[i]!, language));
    }
    case "qa":
      return read(SquadSchema, text, language, "the file").data.flatMap(({ paragraphs }) =>
        paragraphs.flatMap(({ context, qas }) =>
          qas.map(({ question, answers }) =>
            questionItem(
              context,
              question,
              answers.map((answer) => answer.text),
            ),
          ),
        ),
      );
    case "comprehension":
      return linesOf(text).map((line, i) => {
        const row = read(BelebeleSchema, line, language, `line ${i + 1}`);
        const options = [row.mc_answer1, row.mc_answer2, row.mc_answer3, row.mc_answer4];
        return choiceItem(row.flores_passage, row.question, options, row.correct_answer_num - 1);
      });
    case "nli":
      return linesOf(text).map((line, i) => {
        const { premise, hypothesis, right } = read(XnliSchema, line, language, `line ${i + 1}`);
        return verdictItem(premise, hypothesis, right);
      });
    default:
      return task satisfies never;
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function read<S extends z.ZodType>(schema: S, text: string, language: string, where: string): z.infer<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong(language, `${where} is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw wrong(language, `${where}: ${path.join(".")} ${message}`);
}

function wrong(language: string, what: string): TillerError {
  return new TillerError("invalid-params", `files.${language}: ${what}`, { field: `files.${language}` });
}
