/** One block of a report. */
import type { Block } from "../../daemon/protocol/report.ts";
import { cellText, tableOf } from "../../daemon/protocol/rules/report.ts";
import { DataTable } from "./data-table.tsx";
import { Figure } from "./figure.tsx";
import { SaveButtons } from "./save-buttons.tsx";

export function ReportBlock({ block, stem }: { block: Block; stem: string }) {
  switch (block.type) {
    case "prose":
      return (
        <div class="report-prose">
          {block.text.split(/\n{2,}/).map((paragraph, at) => (
            <p key={at} dir="auto">
              {paragraph}
            </p>
          ))}
        </div>
      );
    case "chart":
    case "graph":
      return <Figure block={block} stem={stem} />;
    case "table":
      return (
        <section aria-label={block.title}>
          <h3>{block.title}</h3>
          <DataTable table={tableOf(block)!} />
          {block.note !== undefined && <p class="hint">{block.note}</p>}
          <SaveButtons block={block} stem={stem} />
        </section>
      );
    case "samples":
      return <Samples block={block} stem={stem} />;
  }
}

function Samples({ block, stem }: { block: Extract<Block, { type: "samples" }>; stem: string }) {
  return (
    <section aria-label={block.title}>
      <h3>{block.title}</h3>
      <ol class="report-samples">
        {block.samples.map(({ prompt, plain, steered, judged }, at) => (
          <li key={at}>
            <p class="report-prompt" dir="auto">
              {prompt}
            </p>
            <dl>
              {[["plain", plain] as const, ["steered", steered] as const].map(([name, text]) =>
                text === null ? null : (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd dir="auto">{text}</dd>
                  </div>
                ),
              )}
              {Object.entries(judged).map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd class="number">{cellText(value)}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ol>
      <SaveButtons block={block} stem={stem} />
    </section>
  );
}
