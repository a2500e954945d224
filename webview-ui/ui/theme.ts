/** Light, dark or high contrast: the person's choice, else VS Code's, else the system's. */
import type { HostTheme, ThemeSigns } from "../host/host.ts";
import type { ThemeChoice } from "../store/state.ts";

export type ThemeName = "light" | "dark" | "contrast";

export function resolveTheme(choice: ThemeChoice, { editor, dark, contrast }: Omit<ThemeSigns, "forced">): ThemeName {
  if (choice !== "auto") return choice;
  if (editor !== null) {
    if (editor.includes("high-contrast-light")) return "light";
    if (editor.includes("high-contrast")) return "contrast";
    return editor.includes("light") ? "light" : "dark";
  }
  if (contrast) return "contrast";
  return dark ? "dark" : "light";
}

/** The colours of the heatmap: with the system's own forced colours on a light ground they start light as well. */
export function mapTheme(choice: ThemeChoice = currentChoice): ThemeName {
  const signs = followed.signs();
  return signs.forced && !signs.dark ? "light" : resolveTheme(choice, signs);
}

let currentChoice: ThemeChoice = "auto";
let followed: HostTheme = { signs: () => ({ editor: null, dark: false, contrast: false, forced: false }), onChange: () => undefined };

/** Writes the theme where the styles look for it, now and whenever the system or VS Code changes its own. */
export function followTheme(theme: HostTheme, choice: () => ThemeChoice): () => void {
  followed = theme;
  const apply = () => {
    currentChoice = choice();
    const { dataset } = document.documentElement;
    const signs = theme.signs();
    dataset["theme"] = resolveTheme(currentChoice, signs);
    // VS Code's colours only while its theme is followed: half of them under another choice would be unreadable.
    if (currentChoice === "auto" && signs.editor !== null) dataset["host"] = "vscode";
    else delete dataset["host"];
  };
  theme.onChange(apply);
  apply();
  return apply;
}
