/** One quick verdict, from the strength to the receipt. Not resumed: it takes less time than one would save. */
import type { Lab } from "../../methods/contract.ts";
import type { EngineStudyResult, StudyText } from "../../protocol/engine-api.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { otherChoices, otherScores } from "./also.ts";
import { type Arm, armKey, type Cell, cellsOfArm, messagesOf } from "./arms.ts";
import { checkPlans } from "./check-plans.ts";
import { aboutOf } from "./evaluate.ts";
import { checkLanguages, scoresOf } from "./judging.ts";
import { loadMeasurand, type Measurand, sign } from "./measurand.ts";
import type { Quick } from "./params.ts";
import { planAt, randomPlanAt } from "./plans.ts";
import { LOOKS, QUICK_DRAWS, QUICK_ENOUGH, quickCells, some, TAILS } from "./quick-design.ts";
import { proposeStrength } from "./quick-strength.ts";
import { makeReceipt, type ReceiptInput } from "./receipt.ts";
import { type ArmResult, bitsPerByte, choiceAccuracy, drawSeed, judgedTexts, measuresOf, readAnswers } from "./run-arm.ts";
import { inParts, type Study } from "./study-parts.ts";

type Answers = EngineStudyResult["answers"];

/** A proposed strength that answers do not bear is halved so often. */
const HALVED = 2;
/** One line of held-out text, one minimal pair and one answer in so many is read for damage. */
const EVERY = 4;
const EVERY_ANSWER = 2;
/** Share of the work that each look is of what is planned, the first with the negative, the prompt and the damage. */
const SHARES = [0.42, 0.71, 1] as const;

/** @returns the id of the artifact that was measured; @throws TillerError conflict when it was changed meanwhile */
export async function quickVerdict(what: Quick, lab: Lab): Promise<string> {
  const measurand = await loadMeasurand(what, lab);
  const { sweep, judge } = measurand;
  checkLanguages(
    judge,
    what.spec.prompts.map(({ language }) => language),
  );
  const study = inParts((request, progress) => lab.study(request, progress));
  const materials = { texts: some(measurand.materials.texts, EVERY), choices: some(measurand.materials.choices, EVERY) };
  let strength = what.strength ?? (await proposeStrength(sweep, materials.texts, what.spec.bounds, study));
  const at = (now: number) => verdictAt(now, what, { ...measurand, materials }, study, lab);
  let receipt = await at(strength);
  // Answers may lose what held-out text does not: one that nobody named is halved, by what is lost and not by what is found.
  for (let halved = 0; halved < HALVED && what.strength === undefined && receipt.verdict === "no usable strength"; halved++) {
    strength /= 2;
    receipt = await at(strength);
  }
  return sign(receipt, measurand.artifacts, lab);
}

async function verdictAt(strength: number, what: Quick, measurand: Measurand, study: Study, lab: Lab): Promise<Receipt> {
  const { sweep, judge, judges, materials } = measurand;
  const spec = { ...what.spec, strengths: [-strength, strength], seeds: LOOKS };
  checkPlans(spec, sweep, what.seed);
  const cells = quickCells(spec, what.seed);
  const run = new QuickRun(measurand, { ...what, spec }, strength, cells, study, lab);
  const about = aboutOf({ spec, preset: what.preset ?? null, sweep, created: lab.created, numerics: lab.numerics }, { judge, materials });
  let receipt: Receipt | null = null;
  for (let look = 1; look <= LOOKS && (receipt === null || receipt.verdict === "too few answers"); look++) {
    await run.look(look);
    const arms = await run.results();
    const seen: ReceiptInput = {
      spec,
      cells: cells.slice(0, look * spec.prompts.length),
      seeds: look,
      seed: what.seed,
      arms,
      calibration: null,
      others: otherChoices(judges, spec.judge),
      look: { enough: QUICK_ENOUGH, tail: TAILS[look - 1]! },
      quick: { look, looks: LOOKS },
      about,
    };
    receipt = makeReceipt(seen);
  }
  return receipt!;
}

/** The answers so far, and what is known of them. */
class QuickRun {
  readonly #of: Measurand;
  readonly #what: Quick;
  readonly #cells: readonly Cell[];
  readonly #study: Study;
  readonly #lab: Lab;
  readonly #arms: readonly Arm[];
  readonly #plans: Parameters<Study>[0]["plans"];
  readonly #answers = new Map<string, Answers>();
  /** of the first look's answers and of held-out text; the random directions' text is not read */
  readonly #damage = new Map<string, { readonly text: number; readonly choices: number; readonly fluency: number }>();

  constructor(of: Measurand, what: Quick, strength: number, cells: readonly Cell[], study: Study, lab: Lab) {
    this.#of = of;
    this.#what = what;
    this.#cells = cells;
    this.#study = study;
    this.#lab = lab;
    this.#arms = [
      { kind: "plain" },
      { kind: "steered", strength },
      { kind: "random", strength },
      { kind: "steered", strength: -strength },
      { kind: "prompt" },
    ];
    this.#plans = [
      null,
      planAt(of.sweep, strength),
      planAt(of.sweep, -strength),
      ...Array.from({ length: QUICK_DRAWS }, (_, draw) => randomPlanAt(of.sweep, strength, drawSeed(what.seed, draw))),
    ];
  }

  /** One more answer to every prompt; with the first look also the negative, the prompt, and what is read for damage. */
  async look(look: number): Promise<void> {
    const { spec } = this.#what;
    const count = spec.prompts.length;
    const cells = this.#cells.slice((look - 1) * count, look * count);
    const first = look === 1;
    const parts = (first ? this.#arms : this.#arms.slice(0, 3)).map((arm) => ({ arm, cells: cellsOfArm(arm, cells) }));
    const from = first ? 0 : SHARES[look - 2]!;
    const tell = (fraction: number): void =>
      this.#lab.progress(from + fraction * (SHARES[look - 1]! - from), `look ${look} of at most ${LOOKS}: ${count} answers of each`);
    const { answers, texts } = await this.#study(
      {
        plans: this.#plans,
        sampling: spec.sampling,
        answers: parts.flatMap(({ arm, cells: own }) =>
          own.map((cell) => ({ plan: this.#planOf(arm, cell), messages: messagesOf(spec, cell, arm), seed: cell.seed })),
        ),
        texts: first ? [0, 1, 2].flatMap((plan) => this.#texts(plan)) : [],
      },
      (fraction) => tell(first ? 0.9 * fraction : fraction),
    );
    let at = 0;
    for (const { arm, cells: own } of parts) {
      const known = this.#answers.get(armKey(arm)) ?? [];
      this.#answers.set(armKey(arm), [...known, ...answers.slice(at, at + own.length)]);
      at += own.length;
    }
    if (first) await this.#readDamage(cells, texts);
    tell(1);
  }

  /** What a receipt is made of. Judges read everything again: they are quick beside the model, and a text is judged alike each time. */
  async results(): Promise<Map<string, ArmResult>> {
    const { spec } = this.#what;
    const { judge, judges } = this.#of;
    const { signal } = this.#lab;
    const found = new Map<string, ArmResult>();
    for (const arm of this.#arms) {
      const answers = this.#answers.get(armKey(arm))!;
      const texts = judgedTexts(answers, cellsOfArm(arm, this.#cells).slice(0, answers.length));
      const scores = await scoresOf(judge, spec.judge, texts, signal);
      const damage = this.#damage.get(armKey(arm)) ?? null;
      const others = arm.kind === "plain" || arm.kind === "steered" ? await otherScores(judges, spec.judge, texts, signal) : {};
      found.set(armKey(arm), {
        scores,
        textBitsPerByte: (damage ?? this.#damage.get("plain")!).text,
        damage: damage === null ? null : { choices: damage.choices, fluency: damage.fluency, ...measuresOf(texts) },
        others,
      });
    }
    // Nothing is steered at 0: the plain model's answers are its.
    found.set(armKey({ kind: "steered", strength: 0 }), found.get("plain")!);
    return found;
  }

  #planOf(arm: Arm, cell: Cell): number {
    if (arm.kind === "plain" || arm.kind === "prompt") return 0;
    if (arm.kind === "random") return 3 + cell.draws[0]!;
    return arm.strength > 0 ? 1 : 2;
  }

  #texts(plan: number): StudyText[] {
    const { texts, choices } = this.#of.materials;
    const read = [...texts.map(({ text }) => text), ...choices.flatMap(({ good, bad }) => [good, bad])];
    return read.map((text) => ({ plan, messages: null, text, tokens: null }));
  }

  async #readDamage(cells: readonly Cell[], scored: EngineStudyResult["texts"]): Promise<void> {
    const { texts, choices } = this.#of.materials;
    const each = texts.length + 2 * choices.length;
    for (const arm of this.#arms) {
      if (arm.kind === "random") continue;
      const own = scored.slice(this.#planOf(arm, cells[0]!) * each).slice(0, each);
      const answers = this.#answers.get(armKey(arm))!;
      const read = { spec: this.#what.spec, cells: some(cells, EVERY_ANSWER), study: this.#study };
      this.#damage.set(armKey(arm), {
        text: bitsPerByte(own.slice(0, texts.length), texts),
        choices: choiceAccuracy(own.slice(texts.length)),
        fluency: await readAnswers(some(answers, EVERY_ANSWER), read, () => undefined),
      });
    }
  }
}
