/** `tiller judges`: what a receipt or a slider can be measured by. */
import type { Command } from "commander";
import type { JudgeEntry } from "../../protocol/api/library.ts";
import { judgeNames } from "../../protocol/judge-name.ts";
import { action, command } from "../action.ts";
import { CONFIG_CHANGED, configChanged } from "../connection/config-changed.ts";
import { table } from "../output/output.ts";

export function addJudges(program: Command): void {
  command(program, "judges", "the judges that effects are measured by, and what --judge can name").action(
    action(async (session) => {
      const client = await session.daemon();
      const { judges } = await client.call("job.judges", {});
      if (configChanged(session.paths)) session.output.note(`tiller: ${CONFIG_CHANGED}`);
      await session.output.result(judges, (entries) => describe(entries, session.paths.config));
    }),
  );
}

/** Languages that a judge refuses, those of one reason together. */
function refusals({ title, refused }: JudgeEntry): string[] {
  const reasons = new Map<string, string[]>();
  for (const [language, reason] of Object.entries(refused)) {
    const words = reason.replaceAll(`'${language}'`, "these");
    reasons.set(words, [...(reasons.get(words) ?? []), language]);
  }
  return [...reasons].map(([reason, languages]) => `${title}, refused in ${languages.join(" ")}: ${reason}`);
}

function describe(judges: readonly JudgeEntry[], config: string): string {
  const rows = judges.map((judge) => [
    `${judge.title} ${judge.version}${judge.own ? " (your own)" : ""}`,
    judge.languages.join(" "),
    judgeNames(judge.labels.length > 0 ? { ...judge, values: [] } : judge).join(" "),
  ]);
  const more = judges.filter(({ labels, values }) => labels.length > 0 && values.length > 0).map(({ id, values }) => `${id}:${values[0]}`);
  return [
    table(rows, ["judge", "judges texts in", "--judge"]),
    "",
    ...judges.flatMap(refusals),
    `A label counts the answers that show it. The figure behind it has a colon: ${more.join(", ")}.`,
    `docs/judges.md says how right each one is, and how a judge of your own goes into ${config}.`,
  ].join("\n");
}
