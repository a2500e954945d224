/** `tiller evaluate`: measures what a control does, against random directions, a prompt and its damage, and keeps the receipt. */
import type { Command } from "commander";
import { parseEvaluation } from "../../evaluate/receipts/parse.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { JudgeChoice, MeasureBy } from "../../protocol/evaluation.ts";
import { evidenceRange } from "../../protocol/evidence.ts";
import type { Estimate, Receipt, ReceiptPoint } from "../../protocol/receipt.ts";
import { besideLines, humanLine } from "../../protocol/receipt-lines.ts";
import { action, command } from "../action.ts";
import { decimal, integer, strengthList } from "../arguments/arguments.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { notADirection } from "../arguments/not-a-direction.ts";
import { readInput } from "../arguments/stdin.ts";
import { startJob } from "../connection/follow-job.ts";
import type { Session } from "../connection/session.ts";
import { EXIT } from "../output/exit.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";
import { judgeChoice } from "./vector-from.ts";

interface Options {
  readonly model?: string;
  readonly spec?: string;
  readonly judge?: JudgeChoice;
  readonly asked?: string;
  readonly strengths?: readonly number[];
  readonly n?: number;
  readonly seed?: number;
  readonly calibrate?: boolean;
  readonly quick?: boolean;
  readonly strength?: number;
}

const MAX_SPEC = 4_000_000;

export function addEvaluate(program: Command): void {
  command(program, "evaluate <preset|artifact>", "measure what a preset's control, or an artifact such as direction/joy, does")
    .option("--model <file|id|uri>", "the model; default: the embedded one")
    .option("--spec <file>", "how it is measured; default: the evaluation that is kept for it")
    .option("--judge <judge>", "… or this judge, such as emotion/joy or length:words, on questions that come with Tiller", judgeChoice)
    .option("--asked <prompt>", 'with --judge: the system turn that the control is compared with, such as "Answer joyfully."')
    .option(
      "--strengths <list>",
      "with --judge: the strengths to measure, such as 0.25,0.5,1; default: 0.5,1,1.5,2",
      strengthList("--strengths"),
    )
    .option("--quick", "a verdict in a minute or two: one strength, until it can be told whether it works")
    .option(
      "--strength <s>",
      "with --quick: the strength; default: the largest, from 1 downwards, that spares held-out text",
      decimal("--strength", 0.01, 100),
    )
    .option("--n <count>", "answers per strength, at least", integer("--n", 2, 100_000))
    .option("--seed <n>", "same seed, same receipt", integer("--seed", 0, 0xffffffff))
    .option("--calibrate", "also look for the largest strengths whose damage stays under the bounds")
    .action(action<Options>(evaluate));
}

async function evaluate(session: Session, [target]: readonly string[], options: Options): Promise<number> {
  const { spec: file, n, seed, calibrate, strength } = options;
  const quick = options.quick === true;
  checkTarget(target!);
  checkQuick(options);
  const spec = file === undefined ? {} : { spec: parseEvaluation(readInput(file, "spec", MAX_SPEC).toString("utf8"), file) };
  const by = measureBy(options);
  const daemon = await session.daemon();
  if (by.by !== undefined && !target!.includes("/")) throw await notADirection(target!, daemon);
  const model = options.model === undefined ? {} : { model: await resolveModel(options.model, session, daemon) };
  const { job, client } = await startJob(session, daemon, {
    id: quick ? "quick-verdict" : "receipt",
    ...model,
    params: {
      ...(target!.includes("/") ? { artifact: target! } : { preset: target! }),
      ...spec,
      ...by,
      ...(n === undefined ? {} : { n }),
      ...(seed === undefined ? {} : { seed }),
      ...(calibrate === undefined ? {} : { calibrate }),
      ...(strength === undefined ? {} : { strength }),
    },
  });
  if (job.state === "cancelled") return EXIT.interrupted;
  const { receipts } = await client.call("artifact.get", { id: job.result! });
  const receipt = receipts.find((one) => (one.quick !== null) === quick);
  if (receipt === undefined) throw new TillerError("conflict", `${job.result} was changed while it was measured`);
  await session.output.result(receipt, describe);
  return EXIT.ok;
}

/** A quick verdict takes one strength and as many answers as it needs. */
function checkQuick(options: Options): void {
  if (options.quick !== true) {
    if (options.strength !== undefined) throw usage("--strength goes with --quick", "strength");
    return;
  }
  for (const name of ["spec", "n", "calibrate", "strengths"] as const)
    if (options[name] !== undefined) throw usage(`--${name} does not go with --quick`, name);
}

/** A preset's file looks like an artifact's id, for its slash. */
function checkTarget(target: string): void {
  if (!/\.ya?ml$/i.test(target) && !/^[./~]/.test(target)) return;
  throw usage(
    `${target}: a file is not taken here, but the name of a preset or an artifact such as direction/joy`,
    "preset",
    `Save a preset first: tiller presets save ${target}`,
  );
}

function measureBy({ judge, asked, strengths, spec }: Options): { by?: Omit<MeasureBy, "strengths"> & { strengths?: number[] } } {
  if (judge === undefined && strengths !== undefined) throw usage("--strengths goes with --judge", "strengths");
  if (judge === undefined && asked === undefined) return {};
  if (judge === undefined) throw usage("--asked goes with --judge", "asked");
  if (asked === undefined) throw usage("--judge: say with --asked which prompt asks for the same thing, to compare with", "asked");
  if (spec !== undefined) throw usage("--judge and --spec: give one of them", "judge");
  return { by: { judge, asked, ...(strengths === undefined ? {} : { strengths: [...strengths] }) } };
}

function describe(receipt: Receipt): string {
  const { points, plain, prompt, judge, calibration, bounds } = receipt;
  const evidence = evidenceRange(receipt);
  const rows = [
    ...points.map(row),
    ["prompt", interval(prompt.effect), "", "", "", figure(prompt.damage.repetition), figure(prompt.damage.fluency), ""],
  ];
  const headings = ["strength", `${receipt.title} [95 %]`, "random", "margin [95 %]", "damage bits/B", "repetition", "fluency", ""];
  return [
    receipt.summary,
    ...(receipt.quick === null ? [] : [quickLine(receipt.quick)]),
    "",
    table(rows, headings),
    "",
    ...besideLines(receipt),
    ...(receipt.human === null ? [] : [humanLine(receipt)]),
    `Judge: ${judge.title} ${judge.version}; without steering ${figure(plain.score)}, ${figure(plain.bitsPerByte)} bits per byte of held-out text, ${figure(plain.damage.choices)} of the minimal pairs.`,
    `Within the damage bounds from ${receipt.usable.low} to ${receipt.usable.high}: at most +${bounds.bitsPerByte} bits per byte of held-out text, +${bounds.fluency} of the answers and +${bounds.repetition} repetition.`,
    `More than random directions from ${evidence.low} to ${evidence.high}.`,
    ...(calibration === null
      ? []
      : [`Calibrated from ${calibration.low ?? "—"} to ${calibration.high ?? "—"}${calibration.open.length > 0 ? ", or farther" : ""}.`]),
    ...(receipt.unjudged.length === 0 ? [] : [`At ${receipt.unjudged.join(", ")} too few answers could be judged.`]),
    ...(receipt.statistics === 1 ? ["Reckoned as earlier versions did; measured again it is reckoned as they are now."] : []),
    `Verdict: ${verdictText(receipt)}.`,
  ].join("\n");
}

function quickLine({ look, looks }: NonNullable<Receipt["quick"]>): string {
  return `Quick verdict, after look ${look} of ${looks}; intervals at its strength are as wide as looking early asks for. Without --quick a full receipt is made.`;
}

function verdictText({ verdict, less, slope }: Receipt): string {
  const tested = slope === null ? "" : ` (more than random directions per 1 of strength: ${interval(slope)})`;
  if (verdict === "does less") return `does less than ${figure(less!)} beyond random directions${tested}`;
  return `${verdict === "too few answers" ? "too few answers to tell" : verdict}${tested}`;
}

function row({ strength, effect, random, margin, damage, usable }: ReceiptPoint): string[] {
  return [
    String(strength),
    interval(effect),
    random === null ? "" : figure(random.value),
    margin === null ? "" : interval(margin),
    figure(damage.bitsPerByte),
    figure(damage.repetition),
    figure(damage.fluency),
    usable ? "" : "over the bounds",
  ];
}

function interval({ value, low, high }: Estimate): string {
  return `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

function figure(value: number): string {
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}
