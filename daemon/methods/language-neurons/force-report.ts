/** What a forcing experiment shows: each arm with intervals, a matrix of pairs for each, and samples. Pure. */
import type { Block } from "../../protocol/report.ts";
import { matrixChart } from "../shared/charts.ts";
import { type Intervals, intervalCells, intervalColumns } from "../shared/intervals.ts";
import { average } from "../shared/numbers.ts";
import type { LanguagesBody } from "./body.ts";
import { type Answered, type Arm, bitsPerByte, FEWEST_WORDS, inLanguage, isGood, LEAST_DISTINCT, MOST_BITS } from "./forcing.ts";

/** What the experiment was asked for. */
interface Asked {
  readonly artifact: string;
  readonly form: string;
  readonly strength: number;
  readonly residual: number;
  readonly off: number;
  readonly tokens: number;
  readonly arms: readonly Arm[];
}

export function forceReport(
  params: Asked,
  codes: readonly string[],
  answers: readonly Answered[],
  body: LanguagesBody,
  lab: Intervals,
): Block[] {
  const plain = new Map(codes.map((code) => [code, bitsPerByte(answers.filter(({ arm, source }) => arm === "plain" && source === code))]));
  const good = (answer: Answered): number => (isGood(answer, plain.get(answer.target)!) ? 1 : 0);
  const right = (answer: Answered): number => (inLanguage(answer) ? 1 : 0);
  const arms = (["plain", ...params.arms] as Arm[]).filter((arm) => answers.some((answer) => answer.arm === arm));
  const of = (arm: Arm): Answered[] => answers.filter((answer) => answer.arm === arm);
  const pairs = arms
    .filter((arm) => arm !== "plain")
    .flatMap((arm) =>
      codes.flatMap((source) =>
        codes
          .filter((target) => target !== source)
          .map((target) => {
            const own = of(arm).filter((answer) => answer.source === source && answer.target === target);
            return { arm, source, target, n: own.length, language: average(own.map(right)), good: average(own.map(good)) };
          }),
      ),
    );
  return [
    { type: "prose", id: "what", text: about(params, codes, answers, body) },
    {
      type: "table",
      id: "arms",
      title: "Answers in the wanted language",
      columns: [
        { key: "arm", title: "" },
        { key: "n", title: "answers" },
        ...intervalColumns("language", "in the language"),
        ...intervalColumns("good", "and an answer"),
        { key: "bits", title: "bits per byte over plain answers in the language" },
        { key: "words", title: "words" },
        { key: "distinct2", title: "distinct-2" },
      ],
      rows: arms.map((arm) => {
        const own = of(arm);
        const expected = own.reduce((sum, { target, bytes }) => sum + plain.get(target)! * bytes, 0);
        return {
          arm,
          n: own.length,
          ...intervalCells("language", lab.interval(clusters(own, right))),
          ...intervalCells("good", lab.interval(clusters(own, good))),
          bits: expected === 0 ? null : own.reduce((sum, { bits }) => sum + bits, 0) / expected,
          words: average(own.map(({ words }) => words)),
          distinct2: average(own.flatMap(({ distinct2 }) => (distinct2 === null ? [] : [distinct2]))),
        };
      }),
      note: `“And an answer”: at least ${FEWEST_WORDS} words, distinct-2 of at least ${LEAST_DISTINCT}, and at most ${MOST_BITS} times the bits per byte of plain answers in that language. Plain: questions answered in their own language. Intervals: 95 %, over questions.`,
    },
    ...(["language", "good"] as const).map((value) =>
      matrixChart({
        id: `pairs-${value}`,
        title: value === "language" ? "Answers in the wanted language, by pair" : "Good answers in the wanted language, by pair",
        description: "For each way of steering, the share of answers to questions in the row's language that are in the column's.",
        values: pairs,
        ...{ x: "target", y: "source", value, panel: "arm", xs: codes, ys: codes, domain: [0, 1], titles: { x: "wanted", y: "asked in" } },
      }),
    ),
    {
      type: "table",
      id: "targets",
      title: "By wanted language",
      columns: [
        { key: "target", title: "language" },
        { key: "neurons", title: "neurons" },
        ...arms.filter((arm) => arm !== "plain").flatMap((arm) => intervalColumns(arm, arm)),
      ],
      rows: codes.map((target) => ({
        target,
        neurons: body.languages.find(({ code }) => code === target)!.neurons,
        ...Object.assign(
          {},
          ...arms
            .filter((arm) => arm !== "plain")
            .map((arm) =>
              intervalCells(
                arm,
                lab.interval(
                  clusters(
                    of(arm).filter((answer) => answer.target === target),
                    good,
                  ),
                ),
              ),
            ),
        ),
      })),
      note: "Shares of good answers.",
    },
    {
      type: "table",
      id: "pairs",
      title: "Every pair",
      columns: ["arm", "source", "target", "n", "language", "good"].map((key) => ({ key, title: key })),
      rows: pairs,
    },
    samples(arms, codes, answers, good),
  ];
}

function about(
  { artifact, form, strength, residual, off, tokens }: Asked,
  codes: readonly string[],
  answers: readonly Answered[],
  body: LanguagesBody,
): string {
  const counts = codes.map((code) => new Set(answers.filter(({ source }) => source === code).map(({ question }) => question)).size);
  return [
    `${artifact}: ${body.neurons} neurons. ${Math.min(...counts)} to ${Math.max(...counts)} questions in each of ${codes.join(", ")}, every ordered pair; form “${form}”, greedy with a repetition penalty of 1.1, at most ${tokens} tokens.`,
    `Neurons at strength ${strength} (1 adds the whole mean), put down to ${off}; residual direction at ${residual} (1 is the whole distance of the means).`,
    "Languages are told by the language judge, which does not judge answers of fewer than four words: those count as failures.",
  ].join("\n\n");
}

/** A question is asked once for each target, and its answers belong together. */
function clusters(answers: readonly Answered[], of: (answer: Answered) => number): number[][] {
  const groups = new Map<string, number[]>();
  for (const answer of answers) {
    const key = `${answer.source} ${answer.question}`;
    groups.set(key, [...(groups.get(key) ?? []), of(answer)]);
  }
  return [...groups.values()];
}

function samples(arms: readonly Arm[], codes: readonly string[], answers: readonly Answered[], good: (answer: Answered) => number): Block {
  const plain = new Map(answers.filter(({ arm }) => arm === "plain").map((answer) => [`${answer.source} ${answer.question}`, answer.text]));
  return {
    type: "samples",
    id: "samples",
    title: "Samples: the first two questions of each pair",
    samples: arms
      .filter((arm) => arm !== "plain")
      .flatMap((arm) => answers.filter((answer) => answer.arm === arm && answer.question < 2))
      .slice(0, 2000)
      .map((answer) => ({
        prompt: answer.prompt,
        plain: plain.get(`${answer.source} ${answer.question}`) ?? null,
        steered: answer.text,
        judged: {
          arm: answer.arm,
          pair: `${answer.source} → ${answer.target}`,
          language: answer.label ?? "not judged",
          good: good(answer) === 1,
          words: answer.words,
          order: codes.indexOf(answer.target),
        },
      })),
  };
}
