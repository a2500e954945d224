/** Names of sliders in the rack. */

interface Named {
  readonly name: string;
}

/** The artifact's own name, with a number when the rack has it already. */
export function freeName(use: string, controls: readonly Named[]): string {
  const stem =
    (use.split("/").at(-1) ?? "slider")
      .replaceAll(/[^a-zA-Z0-9_-]/g, "-")
      .replace(/^[^a-zA-Z]+/, "")
      .slice(0, 44) || "slider";
  const taken = new Set(controls.map(({ name }) => name));
  for (let i = 1; ; i++) {
    const name = i === 1 ? stem : `${stem}-${i}`;
    if (!taken.has(name)) return name;
  }
}

export function nameProblem(name: string, controls: readonly Named[]): string | null {
  if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/.test(name)) return "A name starts with a letter; letters, digits, '_' and '-' follow.";
  return controls.some((control) => control.name === name) ? `There is a slider called ${name} already.` : null;
}
