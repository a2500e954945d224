/** Light, dark or high contrast: the person's choice, else VS Code's, else the system's. */
import type { ThemeChoice } from "../store/state.ts";

export type ThemeName = "light" | "dark" | "contrast";

export function resolveTheme(
  choice: ThemeChoice,
  signs: { readonly vscode: string | null; readonly dark: boolean; readonly contrast: boolean },
): ThemeName {
  if (choice !== "auto") return choice;
  if (signs.vscode !== null) {
    if (signs.vscode.includes("high-contrast-light")) return "light";
    if (signs.vscode.includes("high-contrast")) return "contrast";
    return signs.vscode.includes("light") ? "light" : "dark";
  }
  if (signs.contrast) return "contrast";
  return signs.dark ? "dark" : "light";
}

export function resolvedTheme(choice: ThemeChoice = currentChoice): ThemeName {
  return resolveTheme(choice, {
    vscode: vscodeClass(),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    contrast: matchMedia("(prefers-contrast: more)").matches || matchMedia("(forced-colors: active)").matches,
  });
}

/** The colours of the heatmap: with the system's own forced colours on a light ground they start light as well. */
export function mapTheme(choice: ThemeChoice = currentChoice): ThemeName {
  const lightGround = matchMedia("(forced-colors: active)").matches && !matchMedia("(prefers-color-scheme: dark)").matches;
  return lightGround ? "light" : resolvedTheme(choice);
}

/** VS Code marks the body of its webviews: `vscode-light`, `vscode-dark`, `vscode-high-contrast`, `vscode-high-contrast-light`. */
function vscodeClass(): string | null {
  return [...document.body.classList].find((name) => /^vscode-(light|dark|high-contrast(-light)?)$/.test(name)) ?? null;
}

let currentChoice: ThemeChoice = "auto";

/** Writes the theme where the styles look for it, now and whenever the system or VS Code changes its own. */
export function followTheme(choice: () => ThemeChoice): () => void {
  const apply = () => {
    currentChoice = choice();
    const { dataset } = document.documentElement;
    dataset["theme"] = resolvedTheme(currentChoice);
    // VS Code's colours only while its theme is followed: half of them under another choice would be unreadable.
    if (currentChoice === "auto" && vscodeClass() !== null) dataset["host"] = "vscode";
    else delete dataset["host"];
  };
  for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", apply);
  new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  apply();
  return apply;
}
