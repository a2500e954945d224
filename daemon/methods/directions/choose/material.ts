/** What candidates are tried on: prompts, neutral text, and how the property is seen in an answer. */
import type { ContrastPair } from "../../../protocol/artifact.ts";
import type { Message } from "../../../protocol/message.ts";
import type { SiteName } from "../../../protocol/sites.ts";
import { project, type Separation } from "../../shared/separation.ts";
import type { FindLab } from "../find-lab.ts";
import type { Shown } from "./written.ts";

export type JudgeTexts = (texts: readonly string[]) => Promise<(number | null)[]>;

const PROMPTS = 10;
const NEUTRAL = 5;
/** Long sentences cost as much as several. */
const NEUTRAL_BYTES = 120;

/** What the answers say, read without steering along the trial direction in the middle of the model: ±1 are the class means. */
export function readBack(
  layer: number,
  { unit, gap, mid }: Pick<Separation, "gap" | "mid"> & { readonly unit: ArrayLike<number> },
  site: SiteName,
  lab: Pick<FindLab, "read">,
): Shown {
  return async (answers) => {
    const texts = answers.flatMap(({ prompt, text }) =>
      text.length < 2 ? [] : [[...prompt, { role: "assistant" as const, content: text }]],
    );
    const { data, width } = await lab.read({ texts, render: "chat", site, layers: [layer], readAt: "mean" });
    let at = 0;
    return answers.map(({ text }) => {
      if (text.length < 2) return null;
      const value = project(data.subarray(at * width, (at + 1) * width), unit);
      at++;
      return (2 * (value - mid)) / gap;
    });
  };
}

export function judged(judge: JudgeTexts): Shown {
  return (answers) => judge(answers.map(({ text }) => text));
}

/** What the pairs answer; where they are raw text, questions that come with Tiller. */
export function promptsOf(pairs: readonly ContrastPair[], { questions }: Pick<FindLab, "questions">): Message[][] {
  const heads = pairs.flatMap(({ positive }) => (typeof positive === "string" ? [] : [positive.slice(0, -1)]));
  const known = [...new Map(heads.map((head) => [JSON.stringify(head), head])).values()];
  const more = questions("free").map(({ text }): Message[] => [{ role: "user", content: text }]);
  return [...known, ...more].slice(0, PROMPTS);
}

export function neutralTexts({ materials }: Pick<FindLab, "materials">): string[] {
  const texts = materials().texts.filter(({ text }) => Buffer.byteLength(text) <= NEUTRAL_BYTES);
  const english = texts.filter(({ language }) => language === "en");
  return (english.length >= NEUTRAL ? english : texts).slice(0, NEUTRAL).map(({ text }) => text);
}
