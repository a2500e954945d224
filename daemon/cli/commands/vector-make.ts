/** `tiller vector make`: a direction from contrast pairs, found on the very model that will be steered. */
import type { Command } from "commander";
import { CHOOSE, METHODS, READ_AT } from "../../methods/directions/experiments/pairs-params.ts";
import type { ContrastPair } from "../../protocol/artifact.ts";
import { action, command } from "../action.ts";
import { artifactId, decimal, integer, oneOf, siteName } from "../arguments/arguments.ts";
import { resolveModel } from "../arguments/model-argument.ts";
import { readPairs, readTexts } from "../arguments/pair-file.ts";
import { orReplace, REPLACE } from "../arguments/replace.ts";
import { startJob } from "../connection/follow-job.ts";
import type { Session } from "../connection/session.ts";
import { EXIT } from "../output/exit.ts";
import { usage } from "../output/failure.ts";
import { qualityTable, qualityWarnings } from "../output/quality.ts";
import { type Asked, checkFrom, type FromOptions, judgeChoice } from "./vector-from.ts";

interface Options extends FromOptions {
  readonly pairs?: string;
  readonly positive?: string;
  readonly negative?: string;
  readonly texts?: string;
  readonly method?: string;
  readonly site?: string;
  readonly readAt?: string;
  readonly render?: string;
  readonly finalNorm?: boolean;
  readonly heldOut?: number;
  readonly licence?: string;
  readonly replace?: boolean;
}

export function addVectorMake(vector: Command): void {
  command(vector, "make [id]", "find a direction, such as direction/formal, from pairs of texts")
    .option("--pairs <file>", 'one {"positive": …, "negative": …} per line')
    .option("--positive <template>", "or two templates with {} …")
    .option("--negative <template>", "… this one for the opposite …")
    .option("--texts <file>", "… and the texts to put there, one per line")
    .option("--from <words>", "or a word or sentence, such as sarcasm: the model writes the pairs itself …")
    .option("--opposite <words>", "… against this instead of plain answers …")
    .option("--judge <judge>", "… kept and measured by this judge, such as emotion/joy or length:words", judgeChoice)
    .option("--model <file|id|uri>", "the model; default: the embedded one")
    .option("--method <name>", listed(METHODS), oneOf("--method", Object.keys(METHODS)))
    .option("--site <name>", "where it is read", siteName("--site"))
    .option("--read-at <which>", listed(READ_AT), oneOf("--read-at", Object.keys(READ_AT)))
    .option("--final-norm", "read the last layer behind the final norm, as repeng does")
    .option("--render <how>", "raw texts, or chat: user turns", oneOf("--render", ["raw", "chat"]))
    .option("--choose <how>", "layers by separation (the default) or by their effect", oneOf("--choose", Object.keys(CHOOSE)))
    .option("--layers <n>", "use the n layers that separate best", integer("--layers", 1, 64))
    .option("--held-out <fraction>", "part of the questions kept to measure with, 0.1 to 0.5; 0: none", decimal("--held-out", 0, 0.5))
    .option("--seed <n>", "for the split", integer("--seed", 0, 0xffffffff))
    .option(...REPLACE)
    .option("--title <text>", "how it is called in the page")
    .option("--licence <text>", "licence of the pairs")
    .action(action<Options>(make));
}

async function make(session: Session, [given]: readonly string[], options: Options): Promise<number> {
  if (given !== undefined) artifactId(given);
  const checked = options.from === undefined ? requestOf(given, options) : checkFrom(given, { ...options });
  const daemon = await session.daemon();
  const model = options.model === undefined ? {} : { model: await resolveModel(options.model, session, daemon) };
  const params = { ...checked.params, replace: options.replace === true };
  const { job, client } = await orReplace(startJob(session, daemon, { ...checked, ...model, params }));
  if (job.state === "cancelled") return EXIT.interrupted;
  const artifact = await client.call("artifact.get", { id: job.result! });
  for (const warning of qualityWarnings(artifact, pairCount(checked), options.layers)) session.output.note(`tiller: ${warning}`);
  const report = job.report ? await client.call("report.get", { job: job.id }) : null;
  for (const block of report?.blocks ?? []) if (block.type === "prose") session.output.note(`tiller: ${block.text}`);
  await session.output.result(artifact, ({ id, description, receipts }) => {
    const notes = [description, receipts[0]?.summary ?? "Its effect is not measured: tiller evaluate does."].filter((note) => note !== "");
    return `${id} is made.\n${qualityTable(artifact)}\n${notes.join("\n")}\nTry it: tiller run --set ${id}=1 --prompt "…"`;
  });
  return EXIT.ok;
}

function requestOf(id: string | undefined, options: Options): Asked {
  if (id === undefined) throw usage("give the direction a name, such as direction/formal", "id");
  for (const name of ["opposite", "judge"] as const) if (options[name] !== undefined) throw usage(`--${name} goes with --from`, name);
  const source = sourceOf(options);
  const { method, site, readAt, finalNorm, render, choose, layers, heldOut, seed, title, licence } = options;
  const chosen = Object.entries({ method, site, readAt, finalNorm, render, choose, layers, heldOut, seed, title, licence }).filter(
    ([, value]) => value !== undefined,
  );
  return { id: "directions/from-pairs", params: { id, ...source, ...Object.fromEntries(chosen) } };
}

function sourceOf({
  pairs,
  positive,
  negative,
  texts,
}: Options): { pairs: ContrastPair[] } | { templates: { positive: string; negative: string; texts: string[] } } {
  const templates = [positive, negative, texts].filter((value) => value !== undefined).length;
  if (pairs !== undefined && templates === 0) return { pairs: readPairs(pairs) };
  if (pairs !== undefined || templates !== 3) throw usage("give either --pairs, or --positive, --negative and --texts together", "pairs");
  for (const [name, template] of [
    ["positive", positive!],
    ["negative", negative!],
  ] as const) {
    if (!template.includes("{}")) throw usage(`--${name}: the template needs {} where the text goes`, name);
  }
  return { templates: { positive: positive!, negative: negative!, texts: readTexts(texts!) } };
}

function listed(options: Readonly<Record<string, string>>): string {
  return Object.keys(options).join(", ");
}

/** Of those that were given; null: the model writes them. */
function pairCount({ params }: Asked): number | null {
  const { pairs, templates } = params as { pairs?: ContrastPair[]; templates?: { texts: string[] } };
  return (pairs ?? templates?.texts)?.length ?? null;
}
