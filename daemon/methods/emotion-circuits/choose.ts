/** The strength of each way of steering, chosen for each emotion on training scenarios under a bound of damage. Pure. */
import { average } from "../shared/numbers.ts";
import { type Answered, bitsPerByte, type Swept } from "./arms.ts";
import { EMOTIONS, JUDGED } from "./emotions.ts";

export function isRight({ emotion, label }: Pick<Answered, "emotion" | "label">): boolean {
  return emotion !== null && label === JUDGED[EMOTIONS[emotion]!];
}

export interface Choice {
  readonly arm: Swept;
  readonly emotion: number;
  readonly strength: number;
  /** on the scenarios that it was chosen on */
  readonly accuracy: number;
  /** bits per byte over those of plain answers */
  readonly damage: number;
  /** whether it stays under the bound; where none does, the gentlest is taken */
  readonly within: boolean;
}

/** The most accurate strength within the bound, the smaller of equals. @param bound bits per byte over those of plain answers */
export function chooseStrength(answers: readonly Answered[], arm: Swept, emotion: number, bound: number): Choice {
  const plain = bitsPerByte(answers.filter((answer) => answer.arm === "plain"));
  const own = answers.filter((answer) => answer.arm === arm && answer.emotion === emotion);
  const all = [...new Set(own.map(({ strength }) => strength))]
    .sort((a, b) => a - b)
    .map((strength): Choice => {
      const cell = own.filter((answer) => answer.strength === strength);
      const damage = plain === 0 ? 1 : bitsPerByte(cell) / plain;
      return {
        arm,
        emotion,
        strength,
        accuracy: average(cell.map((answer) => (isRight(answer) ? 1 : 0))),
        damage,
        within: damage <= bound,
      };
    });
  const within = all.filter((choice) => choice.within);
  return within.reduce<Choice | null>((best, one) => (best === null || one.accuracy > best.accuracy ? one : best), null) ?? all[0]!;
}
