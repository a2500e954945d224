/** 216 items of each task in six languages, by rule: every thing with every verb and place once. Item i says the same in each language. */
import { choiceItem, type Item, questionItem, type Task, translationItem, VERDICTS, verdictItem } from "./items.ts";
import { PEOPLE, WORDS, type Words } from "./words.ts";

/** Numbers into the words of a language. */
interface Fact {
  readonly n: number;
  readonly v: number;
  readonly o: number;
  readonly p: number;
  readonly t: number;
}

const THINGS = 12;
const PLACES = 6;
const TIMES = 3;
export const OWN_ITEMS = 3 * THINGS * PLACES;

/** @param source of translations */
export function ownItems(task: Task, source: string, language: string): Item[] {
  const words = WORDS[language];
  const from = WORDS[source];
  if (words === undefined || (task === "translation" && from === undefined)) return [];
  return Array.from({ length: OWN_ITEMS }, (_, k) => {
    // a part of them, from the first on, has all verbs, things and places
    const i = (k * 85) % OWN_ITEMS;
    const fact = factOf(i);
    const told = passage(fact, i);
    const text = told.map((one) => say(words, words.sentence, one)).join(" ");
    switch (task) {
      case "translation":
        return translationItem(say(from!, from!.sentence, fact), say(words, words.sentence, fact), language);
      case "qa":
        return questionItem(text, say(words, words.what, fact), [words.things[fact.o]!]);
      case "comprehension": {
        const absent = Array.from({ length: PLACES }, (_, p) => p).find((p) => told.every((one) => one.p !== p))!;
        const places = turned([...told.map(({ p }) => p), absent], i);
        return choiceItem(
          text,
          say(words, words.where, fact),
          places.map((p) => words.places[p]!),
          places.indexOf(fact.p),
        );
      }
      case "nli": {
        const { v, o, p } = fact;
        const besides = words.besides[(o + Math.floor(p / 2)) % words.besides.length]!;
        // follows from no word alone
        const verdict = (v + o + p) % VERDICTS.length;
        return verdictItem(say(words, words.sentence, fact), say(words, [words.short, besides, words.nothing][verdict]!, fact), verdict);
      }
      default:
        return task satisfies never;
    }
  });
}

function factOf(i: number): Fact {
  const [v, o, p] = [Math.floor(i / (PLACES * THINGS)), Math.floor(i / PLACES) % THINGS, i % PLACES];
  return { n: (3 * o + p + v) % PEOPLE.length, v, o, p, t: (p + 2 * o) % TIMES };
}

/** What is asked about, between two other people who did the same with other things at other places. */
function passage(fact: Fact, i: number): Fact[] {
  const other = (by: number): Fact => ({
    n: (fact.n + by) % PEOPLE.length,
    v: fact.v,
    o: (fact.o + by) % THINGS,
    p: (fact.p + by) % PLACES,
    t: (fact.t + by) % TIMES,
  });
  return turned([fact, other(1), other(5)], Math.floor(i / 2));
}

function turned<T>(all: readonly T[], by: number): T[] {
  return all.map((_, at) => all[(at + by) % all.length]!);
}

function say(words: Words, frame: string, { n, v, o, p, t }: Fact): string {
  const parts: Readonly<Record<string, string | undefined>> = {
    n: PEOPLE[n],
    v: words.did[v],
    b: words.base?.[v],
    o: words.things[o],
    p: words.places[p],
    t: words.times[t],
  };
  return frame.replace(/\{(\w)\}/g, (_, key: string) => parts[key]!);
}
