/** Colours code. A bundle of its own (dist/webview/code.js), which the page loads when the first block of code is shown. */
import { common, createLowlight } from "lowlight";

const lowlight = createLowlight(common);

/** A stretch of code and what it is: classes of highlight.js, "" for none. */
export type Stretch = readonly [text: string, kind: string];

interface Part {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: unknown };
  readonly children?: readonly Part[];
}

export function knows(language: string): boolean {
  return lowlight.registered(language.toLowerCase());
}

/** The stretches joined are the code. */
export function stretches(code: string, language: string): Stretch[] {
  const found: Stretch[] = [];
  const walk = (part: Part, kind: string): void => {
    const own = part.properties?.className;
    const within = Array.isArray(own) ? own.join(" ") : kind;
    if (part.type === "text" && part.value !== undefined) found.push([part.value, within]);
    for (const child of part.children ?? []) walk(child, within);
  };
  walk(lowlight.highlight(language.toLowerCase(), code) as Part, "");
  return found;
}
