/** Where the focus goes when the element that had it is gone: never to the page's body, never away from where someone went. */
import { nextFrame } from "../link/frame.ts";

/** In the next frame, when the change is rendered: gives the focus to what is found, if nothing else has it by then. */
export function rescueFocus(...find: (() => HTMLElement | null | undefined)[]): void {
  nextFrame(() => {
    if (!focusIsLost()) return;
    for (const candidate of find) {
      const element = candidate();
      if (element == null || element.matches(":disabled")) continue;
      element.focus();
      if (document.activeElement === element) return;
    }
  });
}

/** A disabled button keeps the focus until the browser's next rendering, then the body has it. */
function focusIsLost(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches(":disabled");
}

/** In the next frame: gives the focus to the first of these that is there, wherever it is now. */
export function focusNext(...selectors: string[]): void {
  nextFrame(() => {
    for (const selector of selectors) {
      const element = document.querySelector<HTMLElement>(selector);
      if (element !== null) return element.focus();
    }
  });
}

export const question = (): HTMLElement | null => document.getElementById("question");
