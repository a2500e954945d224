/** A chart or a graph, drawn in the page's colours, with its description, its numbers below it, and its files. */
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { tableOf } from "../../daemon/protocol/rules/report.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { loadPart } from "../ui/parts.ts";
import { ProblemCard } from "../ui/problem-card.tsx";
import { useWidth } from "../ui/width.ts";
import type { Drawable, Drawn } from "./charts/main.ts";
import { DataTable } from "./data-table.tsx";
import { lookOf } from "./look.ts";
import { SaveButtons } from "./save-buttons.tsx";

export function Figure({ block, stem }: { block: Drawable; stem: string }) {
  const { host } = useApp();
  const theme = useStore((state) => state.theme);
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [signs, setSigns] = useState(0);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const id = useId();
  useEffect(() => host.theme.onChange(() => setSigns((count) => count + 1)), []);
  useEffect(() => {
    const element = place.current!;
    if (width === 0) return;
    let ended = false;
    let made: Drawn | null = null;
    setProblem(null);
    loadPart("charts")
      .then((charts) => (ended ? null : charts.draw(element, block, lookOf(element))))
      .then((chart) => {
        if (ended) return chart?.end();
        made = chart;
        setDrawn(chart);
      })
      .catch((error: unknown) => {
        if (!ended) setProblem(problemOf(error, "The chart could not be drawn"));
      });
    return () => {
      ended = true;
      setDrawn(null);
      made?.end();
    };
  }, [block, theme, signs, width, tries]);
  const table = tableOf(block)!;
  const description = block.type === "chart" ? block.description : `${block.nodes.length} nodes, ${block.edges.length} edges.`;
  return (
    <figure class="report-figure" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
      <h3 id={`${id}-title`}>{block.title}</h3>
      <figcaption id={`${id}-text`} dir="auto">
        {description}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach */}
      <section class="report-chart" tabIndex={0} aria-label={`${block.title}, drawn; the numbers are in the table below`}>
        <div ref={place} data-drawn={drawn === null ? undefined : ""} />
      </section>
      {problem !== null && <ProblemCard problem={problem} onRetry={() => setTries(tries + 1)} />}
      <SaveButtons block={block} stem={stem} drawn={drawn} />
      <details>
        <summary>Numbers</summary>
        <DataTable table={table} />
      </details>
    </figure>
  );
}
