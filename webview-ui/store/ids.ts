/** Ids that no two tabs choose alike. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}

export function rollSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
