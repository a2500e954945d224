/**
 * Scenarios of our own in the shape that the published study's set has: eight themes of twenty scenarios, each with an event that
 * turns out well, neither, and badly, and no word for a feeling. One set to find circuits with, and one to measure with, which
 * shares no situation with it. The study's own set was neither read nor used.
 */
import { COMMUNITY } from "./scenarios/community.ts";
import { FAMILY } from "./scenarios/family.ts";
import { FRIENDS } from "./scenarios/friends.ts";
import { HEALTH } from "./scenarios/health.ts";
import { HOME } from "./scenarios/home.ts";
import { SCHOOL } from "./scenarios/school.ts";
import { TRAVEL } from "./scenarios/travel.ts";
import { WORK } from "./scenarios/work.ts";

export const VALENCES = ["positive", "neutral", "negative"] as const;
export type Valence = (typeof VALENCES)[number];
export type ScenarioSet = "train" | "held";

export interface Scenario {
  readonly theme: string;
  /** what happens, in a word or two; no two scenarios have the same */
  readonly skeleton: string;
  readonly text: string;
  readonly events: Readonly<Record<Valence, string>>;
}

/** One scenario with one of its events: what all emotions are asked about. */
export interface Group {
  readonly theme: string;
  readonly skeleton: string;
  readonly valence: Valence;
  /** scenario and event, each a line */
  readonly prompt: string;
}

const THEMES = {
  work: WORK,
  school: SCHOOL,
  family: FAMILY,
  friends: FRIENDS,
  health: HEALTH,
  home: HOME,
  travel: TRAVEL,
  community: COMMUNITY,
};

export function scenarios(set: ScenarioSet): Scenario[] {
  return Object.entries(THEMES).flatMap(([theme, sets]) =>
    sets[set]
      .trim()
      .split("\n")
      .map((line) => {
        const [skeleton, text, positive, neutral, negative] = line.split("|").map((part) => part.trim());
        return { theme, skeleton: skeleton!, text: text!, events: { positive: positive!, neutral: neutral!, negative: negative! } };
      }),
  );
}

/** Every n-th of a set's scenarios of each theme with all of their events, so that a part has the shape of the whole. @param most scenarios */
export function groupsOf(set: ScenarioSet, most: number): Group[] {
  const all = scenarios(set);
  const themes = [...new Set(all.map(({ theme }) => theme))];
  // one of each theme in turn, as many as are wanted
  const turns = all
    .map((scenario) => ({ scenario, turn: all.filter(({ theme }) => theme === scenario.theme).indexOf(scenario) }))
    .sort((a, b) => a.turn - b.turn || themes.indexOf(a.scenario.theme) - themes.indexOf(b.scenario.theme));
  return turns
    .slice(0, most)
    .flatMap(({ scenario: { theme, skeleton, text, events } }) =>
      VALENCES.map((valence) => ({ theme, skeleton, valence, prompt: `${text}\n${events[valence]}` })),
    );
}
