/** What a task shows: each way of steering with intervals and its difference from none, by language as a chart, and samples. Pure. */
import type { Block } from "../../../protocol/report.ts";
import { VEGA_LITE } from "../../shared/charts.ts";
import { type Intervals, intervalCells, intervalColumns } from "../../shared/intervals.ts";
import { average } from "../../shared/numbers.ts";
import type { Answered } from "./answers.ts";
import { type Item, TASKS, type Task } from "./items.ts";

export const ARMS = {
  plain: "no steering",
  add: "the language called up",
  replace: "its means put in",
  random: "as many random neurons",
} as const;
export type Arm = keyof typeof ARMS;

interface Asked {
  readonly artifact: string;
  readonly task: Task;
  readonly source: string;
  readonly files?: object | undefined;
  readonly form: string;
  readonly strength: number;
  readonly tokens: number;
}

const FIGURE: Readonly<Record<Task, string>> = { translation: "chrF", qa: "F1", comprehension: "accuracy", nli: "accuracy" };

export function tasksReport(
  params: Asked,
  items: ReadonlyMap<string, readonly Item[]>,
  answers: readonly Answered[],
  lab: Intervals,
): Block[] {
  const codes = [...items.keys()];
  const arms = Object.keys(ARMS) as Arm[];
  const figure = FIGURE[params.task];
  const plain = new Map(answers.filter(({ arm }) => arm === "plain").map((answer) => [`${answer.language} ${answer.item}`, answer]));
  const before = ({ language, item }: Answered): Answered => plain.get(`${language} ${item}`)!;
  const of = (arm: Arm, language?: string): Answered[] =>
    answers.filter((answer) => answer.arm === arm && (language === undefined || answer.language === language));
  const chance = (code: string): number => average(items.get(code)!.map((item) => item.chance));
  const cells = codes.flatMap((language) =>
    arms.map((arm) => {
      const own = of(arm, language);
      const { value, low, high } = lab.interval(clusters(own, (answer) => answer.value));
      return { language, arm, n: own.length, value, low, high, chance: chance(language) };
    }),
  );
  return [
    { type: "prose", id: "what", text: about(params, items) },
    {
      type: "table",
      id: "arms",
      title: `${figure}, all languages`,
      columns: [
        { key: "arm", title: "" },
        { key: "n", title: "answers" },
        ...intervalColumns("value", figure),
        ...intervalColumns("less", "less plain"),
        { key: "exact", title: "exactly right" },
        { key: "changed", title: "answers that differ from plain" },
      ],
      rows: [
        ...arms.map((arm) => {
          const own = of(arm);
          const less = clusters(own, (answer) => answer.value - before(answer).value);
          return {
            arm: ARMS[arm],
            n: own.length,
            ...intervalCells("value", lab.interval(clusters(own, (answer) => answer.value))),
            ...(arm === "plain" ? { less: null, lessLow: null, lessHigh: null } : intervalCells("less", lab.interval(less))),
            exact: average(own.map((answer) => answer.exact)),
            changed: average(own.map((answer) => Number(answer.text !== before(answer).text))),
          };
        }),
        { arm: "chance", n: null, value: average(codes.map(chance)), less: null, exact: null, changed: null },
      ],
      note: `Intervals: 95 %, over items; an item says the same in each language. Chance: ${CHANCE[params.task]}.`,
    },
    {
      type: "chart",
      id: "languages",
      title: `${figure} by language`,
      description: "A bar for each way of steering, with its 95 % interval; the tick is chance.",
      spec: {
        $schema: VEGA_LITE,
        data: { values: cells },
        encoding: { x: { field: "language", type: "nominal", sort: codes, title: null }, xOffset: { field: "arm", sort: arms } },
        layer: [
          {
            mark: "bar",
            encoding: {
              y: { field: "value", type: "quantitative", title: figure, scale: { domain: [0, 1] } },
              color: { field: "arm", type: "nominal", sort: arms, title: null },
              tooltip: [{ field: "language" }, { field: "arm" }, { field: "value", format: ".3f" }, { field: "n" }],
            },
          },
          { mark: "rule", encoding: { y: { field: "low", type: "quantitative" }, y2: { field: "high" } } },
          { mark: { type: "tick", thickness: 2 }, encoding: { y: { field: "chance", type: "quantitative" } } },
        ],
      },
    },
    {
      type: "table",
      id: "cells",
      title: "By language",
      columns: ["language", "arm", "n", "value", "low", "high", "chance"].map((key) => ({ key, title: key })),
      rows: cells,
    },
    {
      type: "samples",
      id: "samples",
      title: "Samples: the first three items of each language",
      samples: answers
        .filter(({ arm, item }) => arm !== "plain" && item < 3)
        .slice(0, 1000)
        .map((answer) => ({
          prompt: items.get(answer.language)![answer.item]!.prompt,
          plain: before(answer).text,
          steered: answer.text,
          judged: {
            language: answer.language,
            arm: answer.arm,
            wanted: items.get(answer.language)![answer.item]!.wanted.join(" / "),
            [figure]: answer.value,
          },
        })),
    },
  ];
}

const CHANCE: Readonly<Record<Task, string>> = {
  translation: "the sentence as it stands, not translated",
  qa: "the whole text as the answer",
  comprehension: "a guess",
  nli: "a guess",
};

function about({ artifact, task, source, files, form, strength, tokens }: Asked, items: ReadonlyMap<string, readonly Item[]>): string {
  const counts = [...items].map(([code, own]) => `${code} ${own.length}`).join(", ");
  const how =
    task === "translation" || task === "qa"
      ? `Answers are greedy with a repetition penalty of 1.1, at most ${tokens} tokens.`
      : "Of the options the one with the fewest bits per byte is the answer, not a letter that is written as in the published study: small models write none.";
  return [
    `${artifact}: ${TASKS[task]}. Items ${files === undefined ? "by rule, Tiller's own" : "from files"}: ${counts}${task === "translation" ? `; from ${source}` : ""}. Form “${form}”, instructions in English.`,
    `${how} The neurons of the answer's language act on prompt and answer, at strength ${strength}.`,
  ].join("\n\n");
}

/** The same item in several languages is no independent observation. */
function clusters(answers: readonly Answered[], of: (answer: Answered) => number): number[][] {
  const groups = new Map<number, number[]>();
  for (const answer of answers) groups.set(answer.item, [...(groups.get(answer.item) ?? []), of(answer)]);
  return [...groups.values()];
}
