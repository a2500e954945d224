/**
 * Sets formulas, as MathML, which browsers draw and screen readers read by themselves: no fonts, no styles. A bundle of its own
 * (dist/webview/math.js), which the page loads when the first formula is shown.
 */
import katex from "katex";

/** @param place is emptied and filled; @throws where the formula is none, with what is wrong with it */
export function set(place: HTMLElement, tex: string, display: boolean): void {
  // `trust` off: no addresses, no pictures, no attributes of the formula's own
  katex.render(tex, place, {
    displayMode: display,
    output: "mathml",
    throwOnError: true,
    strict: "ignore",
    trust: false,
    errorColor: "currentColor",
    maxExpand: 200,
    maxSize: 20,
  });
}
