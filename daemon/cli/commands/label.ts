/** `tiller label`: a person labels answers blind, and the receipt says how far its judge can be believed. */
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { TillerError } from "../../protocol/errors.ts";
import type { Receipt } from "../../protocol/receipt.ts";
import { humanLine } from "../../protocol/receipt-lines.ts";
import type { Block } from "../../protocol/report.ts";
import { action, command } from "../action.ts";
import { artifactId, integer } from "../arguments/arguments.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { startJob } from "../connection/follow-job.ts";
import type { Session } from "../connection/session.ts";
import { EXIT } from "../output/exit.ts";

interface Options {
  readonly model?: string;
  readonly pairs?: number;
  readonly seed?: number;
}

type TableBlock = Extract<Block, { type: "table" }>;

/** As the experiment has it. */
const FEWEST = 10;

interface Label {
  readonly prompt: number;
  readonly steered: boolean;
  readonly judged: number;
  readonly hand: number;
}

export function addLabel(program: Command): void {
  command(
    program,
    "label <artifact>",
    "label answers blind, to check the judge of a receipt: y it shows the property, n it does not, q ends",
  )
    .option("--model <file|id|uri>", "the model; default: the embedded one")
    .option("--pairs <count>", "prompts, each with a plain and a steered answer; default: 10", integer("--pairs", 5, 100))
    .option("--seed <n>", "which prompts, and in which order", integer("--seed", 0, 0xffffffff))
    .action(action<Options>(label));
}

async function label(session: Session, [artifact]: readonly string[], options: Options): Promise<number> {
  artifactId(artifact!);
  const daemon = await session.daemon();
  const model = options.model === undefined ? {} : { model: await resolveModel(options.model, session, daemon) };
  const given = Object.entries({ pairs: options.pairs, seed: options.seed }).filter(([, value]) => value !== undefined);
  const asked = { id: "label-answers", ...model, params: { artifact: artifact!, ...Object.fromEntries(given) } };
  const { job, client } = await startJob(session, daemon, asked);
  if (job.state === "cancelled") return EXIT.interrupted;
  const { blocks } = await client.call("report.get", { job: job.id });
  const table = blocks.find((block): block is TableBlock => block.type === "table")!;
  const labels = await ask(session, table);
  if (labels.length < FEWEST)
    throw new TillerError(
      "invalid-params",
      `${labels.length} answers are labelled, ${FEWEST} are the fewest that say something; nothing was kept`,
      {
        suggestion: `Run it again: tiller label ${artifact!}`,
      },
    );
  const receipt = table.note!;
  const kept = await startJob(session, client, { id: "hand-labels", params: { artifact: artifact!, receipt, labels } });
  const { receipts } = await kept.client.call("artifact.get", { id: artifact! });
  await session.output.result(receipts.find(({ human }) => human !== null)!, describe);
  return EXIT.ok;
}

/** One answer after the other, without a word of what it is; ends with the answers, with q, or with the input. */
async function ask({ output }: Session, { rows, title }: TableBlock): Promise<Label[]> {
  const labels: Label[] = [];
  const lines = createInterface({ input: process.stdin });
  const show = (): void => {
    const row = rows[labels.length];
    if (row === undefined) return;
    const at = `${labels.length + 1} of ${rows.length}`;
    output.note(
      `\n${at}. ${String(row["asked"])}\n${String(row["answer"]) || "(an empty answer)"}\n${title.split(": ").at(-1)}? y, n or q`,
    );
  };
  show();
  for await (const line of lines) {
    const word = line.trim().toLowerCase();
    if (word === "q") break;
    if (word !== "y" && word !== "n") {
      output.note("y: it shows it. n: it does not. q: that is all.");
      continue;
    }
    const { prompt, steered, judged } = rows[labels.length]!;
    labels.push({ prompt: Number(prompt), steered: steered === true, judged: Number(judged), hand: word === "y" ? 1 : 0 });
    show();
    if (labels.length === rows.length) break;
  }
  lines.close();
  return labels;
}

function describe(receipt: Receipt): string {
  return [receipt.summary, humanLine(receipt)].join("\n");
}
