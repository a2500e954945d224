/** The page's colours as they are now, for what is drawn outside its style sheets. */
import { mapTheme } from "../ui/theme.ts";
import type { Look } from "./charts/look.ts";

export function lookOf(element: HTMLElement): Look {
  const style = getComputedStyle(element);
  const colour = (name: string): string => resolved(element, style.getPropertyValue(name));
  return {
    ground: colour("--ground"),
    ink: colour("--ink"),
    soft: colour("--soft"),
    line: colour("--line"),
    axis: colour("--track"),
    accent: colour("--accent"),
    plus: colour("--plus"),
    minus: colour("--minus"),
    font: style.fontFamily,
    narrow: element.clientWidth < 560,
    theme: mapTheme(),
  };
}

/** A variable may name a colour of the system's or of the editor's; Vega and a saved picture need what it stands for. */
function resolved(element: HTMLElement, value: string): string {
  const probe = document.createElement("i");
  probe.style.color = value;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
