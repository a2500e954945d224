/** A block as files: its picture, its numbers, its specification. */

import { useState } from "preact/hooks";
import type { Block } from "../../daemon/protocol/report.ts";
import { csvOf, tableOf } from "../../daemon/protocol/rules/report.ts";
import { fileName } from "../chat/export.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp } from "../store/store.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import type { Drawn } from "./charts/main.ts";

interface Props {
  readonly block: Block;
  /** what the file's name begins with */
  readonly stem: string;
  /** of a chart or graph; null: it is not drawn yet. Left out: the block has no picture */
  readonly drawn?: Drawn | null;
}

export function SaveButtons({ block, stem, drawn }: Props) {
  const { host } = useApp();
  const [problem, setProblem] = useState<Problem | null>(null);
  const table = tableOf(block);
  const title = block.type === "prose" ? block.id : block.title;
  const save = (extension: string, type: string, content: () => string | Uint8Array | Promise<string | Uint8Array>) => async () => {
    setProblem(null);
    try {
      host.saveFile(fileName(`${stem} ${block.id}`, extension), type, await content());
    } catch (error) {
      setProblem(problemOf(error, "The file was not made"));
    }
  };
  const button = (text: string, run: () => Promise<void>, disabled = false) => (
    <button type="button" class="quiet" disabled={disabled} aria-label={`Save ${title} as ${text}`} onClick={() => void run()}>
      {text}
    </button>
  );
  return (
    <div class="report-save">
      <span aria-hidden="true">Save as</span>
      {drawn !== undefined && (
        <>
          {button(
            "PNG",
            save("png", "image/png", () => drawn!.png()),
            drawn === null,
          )}
          {button(
            "SVG",
            save("svg", "image/svg+xml", () => drawn!.svg()),
            drawn === null,
          )}
        </>
      )}
      {table !== null &&
        button(
          "CSV",
          save("csv", "text/csv", () => csvOf(table)),
        )}
      {button(
        "JSON",
        save("json", "application/json", () => `${JSON.stringify(block.type === "chart" ? block.spec : block, null, 2)}\n`),
      )}
      {problem !== null && <ProblemCard problem={problem} onDismiss={() => setProblem(null)} />}
    </div>
  );
}
