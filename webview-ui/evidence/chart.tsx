/** The receipt drawn. What it shows is said by its label and, number by number, by the table beside it. */
import type { Receipt } from "../../daemon/protocol/receipt.ts";
import { type Chart, chartOf, HEIGHT, type Plot, WIDTH } from "./layout.ts";

export function EvidenceChart({ receipt, strength, id }: { receipt: Receipt; strength: number; id: string }) {
  const chart = chartOf(receipt, strength);
  const { effect, damage } = chart;
  return (
    <svg
      class="evidence-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-labelledby={`${id}-chart`}
      preserveAspectRatio="xMidYMid meet"
    >
      <title id={`${id}-chart`}>{`${receipt.title} and damage over strength. ${receipt.summary}. The table below has every number.`}</title>
      <Usable chart={chart} plot={effect} />
      <Usable chart={chart} plot={damage} />
      <Axes chart={chart} plot={effect} title={effectTitle(receipt)} />
      <Axes chart={chart} plot={damage} title="damage, bits per byte of text" />
      {chart.thumb !== null && <line class="thumb-line" x1={chart.thumb} x2={chart.thumb} y1={effect.top} y2={damage.bottom} />}
      <path class="random-band" d={effect.randomBand} />
      <path class="random-line" d={effect.random} />
      <line class="prompt-line" x1={chart.left} x2={chart.right} y1={effect.prompt} y2={effect.prompt} />
      <path class="effect-band" d={effect.band} />
      <path class="effect-line" d={effect.line} />
      <Dots dots={effect.dots} name="effect-dot" />
      <line class="bound-line" x1={chart.left} x2={chart.right} y1={damage.bound} y2={damage.bound} />
      <path class="random-line" d={damage.random} />
      <path class="damage-line" d={damage.line} />
      <Dots dots={damage.dots} name="damage-dot" />
      {chart.x.map(({ at, text }) => (
        <text key={text} x={at} y={HEIGHT - 14} text-anchor="middle">
          {text}
        </text>
      ))}
      <text x={(chart.left + chart.right) / 2} y={HEIGHT - 2} text-anchor="middle">
        strength
      </text>
    </svg>
  );
}

/** A label is shown by a share of the answers; a figure has the unit that its title names. */
function effectTitle({ title, judge }: Receipt): string {
  return judge.choice.label === undefined ? `${title}, change` : `share with ${title}, change`;
}

function Usable({ chart, plot }: { chart: Chart; plot: Plot }) {
  if (chart.usable === null) return null;
  const { from, to } = chart.usable;
  return <rect class="usable" x={from} y={plot.top} width={to - from} height={plot.bottom - plot.top} />;
}

function Axes({ chart, plot, title }: { chart: Chart; plot: Plot; title: string }) {
  return (
    <>
      <line class="axis" x1={chart.left} x2={chart.left} y1={plot.top} y2={plot.bottom} />
      <line class="zero" x1={chart.left} x2={chart.right} y1={plot.zero} y2={plot.zero} />
      {plot.ticks.map(({ at, text }) => (
        <text key={text} x={chart.left - 4} y={at + 3} text-anchor="end">
          {text}
        </text>
      ))}
      <text x={chart.left} y={plot.top - 5}>
        {title}
      </text>
    </>
  );
}

function Dots({ dots, name }: { dots: Chart["effect"]["dots"]; name: string }) {
  return (
    <>
      {dots.map(({ x, y, usable }) => (
        <circle key={x} class={name} data-over={usable ? undefined : ""} cx={x} cy={y} r={2.6} />
      ))}
    </>
  );
}
