/** Numbers as they are typed: what is wrong with one, in words, and which field of a form still holds one. */

export interface NumberRule {
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/**
 * Null: the text is a number that fits.
 * @param bad the browser could not read the text as a number; it then gives an empty one
 */
export function numberProblem(text: string, { title, min, max, whole }: NumberRule, bad = false): string | null {
  const value = Number(text);
  const ends = `from ${plain(min)} to ${plain(max)}`;
  if (bad || text.trim() === "" || !Number.isFinite(value)) return `${title}: this is not a number; give one ${ends}.`;
  if (value < min || value > max) return `${title} goes ${ends}; ${plain(value)} is not used.`;
  return whole && !Number.isInteger(value) ? `${title} is a whole number; ${plain(value)} is not used.` : null;
}

function plain(value: number): string {
  return String(value).replace("-", "−");
}

/** The first field that says it is wrong. */
export function wrongField(form: HTMLElement | null): HTMLElement | null {
  return form?.querySelector<HTMLElement>('input[aria-invalid="true"]') ?? null;
}
