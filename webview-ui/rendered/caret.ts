/** Which character of an answer's text lies under the pointer. */

/** Browsers name it in two ways. */
interface Places {
  caretPositionFromPoint?(x: number, y: number): { readonly offsetNode: globalThis.Node; readonly offset: number } | null;
  caretRangeFromPoint?(x: number, y: number): Range | null;
}

/** @param target what was clicked; null: no text is there */
export function characterAt(target: EventTarget | null, x: number, y: number): number | null {
  const element = (target as Element | null)?.closest?.<HTMLElement>("[data-at]") ?? null;
  if (element === null) return null;
  const at = Number(element.dataset["at"]);
  const place = caretAt(x, y);
  const text = element.firstChild;
  if (place === null || text === null || place.node !== text) return at;
  // The caret stands at the nearest edge of a character; the character itself is on either side of it.
  const range = document.createRange();
  for (const offset of [place.offset - 1, place.offset]) {
    if (offset < 0 || offset >= (text.textContent?.length ?? 0)) continue;
    range.setStart(text, offset);
    range.setEnd(text, offset + 1);
    for (const { left, right, top, bottom } of range.getClientRects())
      if (x >= left && x <= right && y >= top && y <= bottom) return at + offset;
  }
  return at + Math.max(0, Math.min(place.offset, (text.textContent?.length ?? 1) - 1));
}

function caretAt(x: number, y: number): { readonly node: globalThis.Node; readonly offset: number } | null {
  const places = document as unknown as Places;
  const position = places.caretPositionFromPoint?.(x, y) ?? null;
  if (position !== null) return { node: position.offsetNode, offset: position.offset };
  const range = places.caretRangeFromPoint?.(x, y) ?? null;
  return range === null ? null : { node: range.startContainer, offset: range.startOffset };
}
