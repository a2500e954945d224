/** The page's colours as Vega's configuration. */

/** Colours as CSS has them. */
export interface Look {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly axis: string;
  readonly accent: string;
  readonly plus: string;
  readonly minus: string;
  readonly font: string;
  /** the ground is too narrow for a legend beside the drawing */
  readonly narrow: boolean;
  readonly theme: "light" | "dark" | "contrast";
}

/** Okabe and Ito's, which most colour-blind people tell apart; those that a ground swallows are left out. */
const CATEGORIES: Readonly<Record<Look["theme"], readonly string[]>> = {
  light: ["#0072b2", "#d55e00", "#00785a", "#a5487e", "#8a6d00", "#2b83b5", "#555f69"],
  dark: ["#56b4e9", "#e69f00", "#2ec4a0", "#e490c4", "#f0e442", "#ff8a5c", "#b8c0c8"],
  contrast: ["#ffffff", "#ffd60a", "#00e5ff", "#7cff9b", "#ffa94d", "#ff9df0", "#8ab4ff"],
};

/** Dashes tell lines apart without their colours, where a chart has a line for each of a few names. */
export function configOf({ ground, ink, soft, line, axis, accent, plus, minus, font, narrow, theme }: Look): object {
  const text = { labelColor: soft, titleColor: ink, labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12 };
  return {
    background: ground,
    font,
    padding: 6,
    view: { stroke: null, continuousHeight: 240, continuousWidth: 480 },
    axis: {
      ...text,
      domainColor: axis,
      tickColor: axis,
      gridColor: line,
      gridOpacity: theme === "contrast" ? 0.35 : 1,
      titleFontWeight: "normal",
      labelLimit: 220,
    },
    legend: {
      ...text,
      titleFontWeight: "normal",
      labelLimit: 260,
      symbolStrokeWidth: 2,
      ...(narrow ? { orient: "bottom", direction: "vertical" } : {}),
    },
    header: text,
    title: { color: ink, subtitleColor: soft, font, subtitleFont: font },
    text: { color: ink, font },
    mark: { color: accent },
    line: { strokeWidth: 2 },
    point: { size: 44, filled: true },
    rule: { color: axis },
    bar: { continuousBandSize: 18 },
    range: {
      category: CATEGORIES[theme],
      diverging: [minus, ground, plus],
      heatmap: [ground, accent],
      ramp: [theme === "light" ? "#d5e9ed" : "#20434a", accent],
      ordinal: [theme === "light" ? "#9fc6ce" : "#2f6671", accent],
    },
  };
}
