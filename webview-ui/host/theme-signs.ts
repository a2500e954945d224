/** Light, dark, contrast: as the system says it, and as VS Code marks the body of what it embeds. */
import type { HostTheme } from "./host.ts";
import { mediaMatches, onMediaChange } from "./media.ts";

const DARK = "(prefers-color-scheme: dark)";
const CONTRAST = "(prefers-contrast: more)";
const FORCED = "(forced-colors: active)";

export const themeSigns: HostTheme = {
  signs() {
    const forced = mediaMatches(FORCED);
    return { editor: editorClass(), dark: mediaMatches(DARK), contrast: forced || mediaMatches(CONTRAST), forced };
  },
  onChange(listener) {
    for (const query of [DARK, CONTRAST, FORCED]) onMediaChange(query, listener);
    new MutationObserver(listener).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  },
};

/** `vscode-light`, `vscode-dark`, `vscode-high-contrast`, `vscode-high-contrast-light` */
function editorClass(): string | null {
  const found = [...document.body.classList].filter((name) => /^vscode-(light|dark|high-contrast(-light)?)$/.test(name));
  // a light theme of high contrast has both classes of that kind
  return found.find((name) => name === "vscode-high-contrast-light") ?? found[0] ?? null;
}
