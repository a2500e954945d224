/** Media queries, as values that can be followed. */
export function mediaMatches(query: string): boolean {
  return matchMedia(query).matches;
}

/** @returns takes the listener off */
export function onMediaChange(query: string, listener: () => void): () => void {
  const list = matchMedia(query);
  list.addEventListener("change", listener);
  return () => list.removeEventListener("change", listener);
}
