/** Methods with their controls, and experiments with their parameters, from the registry. */
import { experimentEntries, methodEntries } from "../../experiments/entries.ts";
import type { Schema } from "../api-schema.ts";
import { described, inputTable, labelled, markdownTable, section } from "../markdown.ts";

export function methodsOfSteering(): string {
  const all = methodEntries().map(({ title, kind, summary, control, citations, formats }) =>
    section(
      3,
      `${title}: \`${kind}/…\``,
      summary,
      `Strength 1 is ${control.unit}.`,
      labelled("Settings under `with`", described(control.params as Schema, inputTable)),
      markdownTable(
        ["where", "slider"],
        control.ranges.map(({ when, range }) => [
          Object.entries(when)
            .map(([key, value]) => `\`${key}: ${String(value)}\``)
            .join(", ") || "else",
          `${range[0]} to ${range[1]}`,
        ]),
      ),
      citations.length === 0
        ? ""
        : `Sources: ${citations.map(({ authors, year, title: work, ours }) => `${authors} ${year}, “${work}” (${ours})`).join("; ")}.`,
      formats.length === 0 ? "" : `Files: ${formats.map(({ id, title: name }) => `\`${id}\` (${name})`).join(", ")}.`,
    ),
  );
  return section(
    2,
    "Steering methods",
    "A control of a preset belongs to the method whose kind is the first part of what it uses. Its own settings stand under `with`; a setting that the method does not have is refused.",
    ...all,
  );
}

export function experiments(): string {
  const all = experimentEntries().map(({ id, title, summary, params, produces, needs }) =>
    section(
      3,
      `\`${id}\``,
      `${title}. ${summary}`,
      `Makes: ${produces.join(", ")}.${needs.length === 0 ? "" : ` Needs: ${needs.join(", ")}.`}`,
      labelled("Parameters", described(params as Schema, inputTable)),
    ),
  );
  return section(
    2,
    "Experiments",
    "What finds artifacts and measures them. `tiller experiment run ID --param name=value`, the page's **Experiments**, and `experiment.start` over the socket run them as jobs.",
    ...all,
  );
}
