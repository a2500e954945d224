/** Where the keyboard goes on when the element that had the focus goes away. */
import { nextFrame } from "../link/frame.ts";

/** Focuses the first of these that is there, once the page has drawn what was just dispatched. */
export function focusNext(...selectors: string[]): void {
  nextFrame(() => {
    for (const selector of selectors) {
      const element = document.querySelector<HTMLElement>(selector);
      if (element !== null) return element.focus();
    }
  });
}

export function sliderSelector(name: string, part = "input[type=range]"): string {
  return `.slider[data-name="${CSS.escape(name)}"] ${part}`;
}
