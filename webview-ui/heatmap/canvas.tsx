/** The canvas: draws the newest frame on the next animation frame, never on the message path. */
import { useEffect, useRef } from "preact/hooks";
import { nextFrame } from "../link/frame.ts";
import { useStore } from "../store/store.ts";
import { mapTheme } from "../ui/theme.ts";
import { colourMap } from "./colour.ts";
import { draw, type HeatTheme } from "./draw.ts";
import { newestFrame, onFrame } from "./watch.ts";

export function HeatCanvas({ common }: { common: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const choice = useStore((state) => state.theme);
  useEffect(() => {
    const element = canvas.current!;
    const ctx = element.getContext("2d", { alpha: false })!;
    let scheduled = false;
    let theme = themeOf(element, common);
    const paint = () => {
      scheduled = false;
      const frame = newestFrame();
      if (frame === null) {
        ctx.fillStyle = theme.ground;
        ctx.fillRect(0, 0, element.width, element.height);
        return;
      }
      draw(frame, ctx as never, theme);
      element.setAttribute("aria-label", describe());
      element.dataset["token"] = String(frame.header.firstToken);
    };
    const schedule = () => {
      if (scheduled) return;
      scheduled = true;
      nextFrame(paint);
    };
    const resize = new ResizeObserver(() => {
      const ratio = Math.min(devicePixelRatio, 2);
      const { width, height } = element.getBoundingClientRect();
      element.width = Math.max(1, Math.round(width * ratio));
      element.height = Math.max(1, Math.round(height * ratio));
      schedule();
    });
    const recolour = new MutationObserver(() => {
      theme = themeOf(element, common);
      schedule();
    });
    resize.observe(element);
    recolour.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const end = onFrame(schedule);
    schedule();
    return () => {
      end();
      resize.disconnect();
      recolour.disconnect();
    };
  }, [common, choice]);
  return <canvas ref={canvas} class="heat-canvas" role="img" aria-label="Activations: no answer yet" />;
}

function themeOf(element: HTMLElement, common: boolean): HeatTheme {
  const name = mapTheme();
  const style = getComputedStyle(element);
  const ratio = Math.min(devicePixelRatio, 2);
  return {
    map: colourMap(name),
    ground: style.getPropertyValue("--ground").trim() || style.backgroundColor,
    ink: style.color,
    gutter: Math.round(24 * ratio),
    font: `${Math.round(11 * ratio)}px ${style.fontFamily}`,
    common,
  };
}

function describe(): string {
  const { header } = newestFrame()!;
  const strongest = header.strongest?.[0];
  const best =
    strongest === undefined ? "" : `; strongest is layer ${strongest.layer}, neuron ${strongest.index}, ${strongest.value.toFixed(2)}`;
  return `${header.site ?? ""} of ${header.layers.length} layers at token ${header.firstToken}${best}. The table below lists the strongest.`;
}
