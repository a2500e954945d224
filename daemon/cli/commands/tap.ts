/** `tiller tap`: one forward pass over raw text, every requested activation and all logits. */
import type { Command } from "commander";
import { newStreamId } from "../../client/answer.ts";
import type { SiteName } from "../../protocol/sites.ts";
import { action, command } from "../action.ts";
import { layerList, siteList } from "../arguments/arguments.ts";
import { checkTarget, type TargetOptions, target, targetOptions } from "../arguments/request-options.ts";
import { textOrStdin } from "../arguments/stdin.ts";
import { onInterrupt } from "../connection/interrupt.ts";
import type { Session } from "../connection/session.ts";
import { usage } from "../output/failure.ts";
import { table } from "../output/output.ts";
import { Capture } from "../output/tap-capture.ts";
import { writeCapture } from "../output/tap-output.ts";

interface Options extends TargetOptions {
  readonly prompt?: string;
  readonly tokens?: string;
  readonly sites: SiteName[];
  readonly layers: "all" | number[];
  readonly logits: boolean;
}

export function addTap(program: Command): void {
  targetOptions(command(program, "tap", "read activations and logits of one pass over raw text"))
    .option("--prompt <text>", "raw text, without the chat template; - reads standard input")
    .option("--tokens <ids>", "token ids instead of text, such as 1,403,22")
    .option("--sites <names>", "sites, such as mlp.mid,resid", siteList, [] as SiteName[])
    .option("--layers <list>", "all, 0,2,5 or 3-6", layerList, "all" as const)
    .option("--no-logits", "leave out the logits")
    .action(action<Options>(tap));
}

async function tap(session: Session, _args: readonly string[], options: Options): Promise<void> {
  const input = await inputOf(options);
  checkTarget(options);
  const client = await session.daemon();
  const { model, steering } = await target(options, session, client);
  const abort = new AbortController();
  const ignore = onInterrupt(() => abort.abort());
  const capture = new Capture();
  const { sites, layers, logits } = options;
  const params = {
    ...input,
    sites,
    layers,
    logits,
    stream: newStreamId(),
    ...(model === undefined ? {} : { model }),
    ...(steering === undefined ? {} : { steering }),
  };
  const result = await client.tap(params, (frame) => capture.add(frame), { signal: abort.signal }).finally(ignore);
  capture.check(result.frames, result.tokens.length);
  if (session.output.json) await writeCapture(session.output, result, capture);
  else await session.output.line(summary(result.tokens.length, result.steered.summary, capture));
}

async function inputOf({ prompt, tokens, sites, logits }: Options): Promise<{ prompt: string } | { tokens: number[] }> {
  if ((prompt === undefined) === (tokens === undefined)) throw usage("give exactly one of --prompt and --tokens", "prompt");
  if (sites.length === 0 && !logits) throw usage("nothing to read: give --sites, or leave out --no-logits", "sites");
  if (prompt !== undefined) return { prompt: await textOrStdin(prompt) };
  const ids = tokens!.split(",").map((text) => text.trim());
  if (!ids.every((id) => /^\d{1,8}$/.test(id))) throw usage(`--tokens ${tokens}: must be ids such as 1,403,22`, "tokens");
  return { tokens: ids.map(Number) };
}

function summary(tokens: number, steered: string, capture: Capture): string {
  const rows = capture.parts().map(({ site, layer, width, rows: data }) => {
    let squares = 0;
    let largest = 0;
    let count = 0;
    for (const row of data) {
      for (const value of row) {
        squares += value * value;
        largest = Math.max(largest, Math.abs(value));
        count++;
      }
    }
    return [
      site ?? "logits",
      site === null ? "" : String(layer),
      String(width),
      Math.sqrt(squares / count).toPrecision(4),
      largest.toPrecision(4),
    ];
  });
  return `${tokens} tokens; ${steered}\n${table(rows, ["site", "layer", "width", "rms", "largest"])}\nThe values themselves: --json`;
}
