/** Live layers × neurons of the current token: canvas, its settings, and the strongest neurons as a table. */
import { useState } from "preact/hooks";
import { SITE_INFO, SITES, type SiteName } from "../../daemon/protocol/sites.ts";
import { problemOf } from "../link/problem.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { mapTheme } from "../ui/theme.ts";
import { HeatCanvas } from "./canvas.tsx";
import { Caption } from "./caption.tsx";
import { colourMap, cssColour } from "./colour.ts";
import { Strongest } from "./strongest.tsx";
import { useFrame } from "./use-frame.ts";
import { framesReceived, resubscribeHeat } from "./watch.ts";

export function HeatPanel() {
  const app = useApp();
  const heat = useStore((state) => state.heat);
  const layers = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.layers ?? 0);
  const allowed = useStore((state) => state.link.scopes.some((scope) => scope === "capture" || scope === "admin"));
  const [common, setCommon] = useState(false);
  const change = (part: Partial<typeof heat>) => {
    app.store.dispatch({ type: "heat", heat: part });
    if (app.store.get().link.phase !== "open") return;
    resubscribeHeat(app.client(), app.store).catch((error: unknown) => {
      app.store.dispatch({ type: "heat", heat: { problem: problemOf(error, "The live values cannot be changed") } });
    });
  };
  return (
    <section class="panel heat" aria-labelledby="heat-title">
      <header class="panel-head">
        <h2 id="heat-title">
          <button type="button" class="fold" aria-expanded={heat.open} onClick={() => change({ open: !heat.open })}>
            <Icon name="chevron" />
            Live neurons
          </button>
        </h2>
        {heat.open && (
          <button type="button" class="quiet" aria-pressed={heat.paused} onClick={() => change({ paused: !heat.paused })}>
            <Icon name={heat.paused ? "play" : "pause"} />
            {heat.paused ? "Resume" : "Pause"}
          </button>
        )}
      </header>
      {heat.open && (
        <div class="panel-body">
          {!allowed && <p class="hint">This token has no “capture” scope, so activations are not shown.</p>}
          <div class="fields">
            <label class="field">
              <span>Site</span>
              <select value={heat.site} onChange={(event) => change({ site: event.currentTarget.value as SiteName })}>
                {SITES.map((site) => (
                  <option key={site} value={site} title={SITE_INFO[site].title}>
                    {site}
                  </option>
                ))}
              </select>
            </label>
            <label class="field">
              <span>Layer</span>
              <select
                value={heat.layer === null ? "all" : String(heat.layer)}
                disabled={!SITE_INFO[heat.site].perLayer}
                onChange={({ currentTarget: { value } }) => change({ layer: value === "all" ? null : Number(value) })}
              >
                <option value="all">all</option>
                {Array.from({ length: layers }, (_, layer) => (
                  <option key={layer} value={String(layer)}>
                    {layer}
                  </option>
                ))}
              </select>
            </label>
            <label class="field">
              <span>Scale</span>
              <select value={common ? "common" : "layer"} onChange={(event) => setCommon(event.currentTarget.value === "common")}>
                <option value="layer">each layer</option>
                <option value="common">all layers</option>
              </select>
            </label>
          </div>
          {heat.problem !== null && <ProblemCard problem={heat.problem} onDismiss={() => change({ problem: null })} />}
          <Caption />
          <HeatCanvas common={common} />
          <Legend />
          <Strongest />
        </div>
      )}
    </section>
  );
}

/** What the colours stand for, in numbers, and how fresh the picture is. */
function Legend() {
  const theme = useStore((state) => state.theme);
  const frame = useFrame();
  const map = colourMap(mapTheme(theme));
  const largest = Math.max(0, ...(frame?.header.scales ?? [0]));
  return (
    <div class="legend">
      <span class="number">0</span>
      <span class="ramp" aria-hidden="true">
        {Array.from({ length: 16 }, (_, i) => (
          <i key={i} style={{ background: cssColour(map, i * 17) }} />
        ))}
      </span>
      <span class="number">{frame === null ? "|value|" : `|${largest.toPrecision(3)}|`}</span>
      <span class="legend-note" title={`${framesReceived()} frames received`}>
        {frame === null ? "starts with the next answer" : "|value|"}
      </span>
    </div>
  );
}
