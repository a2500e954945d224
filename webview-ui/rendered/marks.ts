/** Where moves of sliders stand in a text that is rendered, and which block shows which of them. Pure. */
import type { Mark } from "../chat/marks.ts";
import type { Block, Node } from "./node.ts";
import type { TokenPlaces } from "./spans.ts";

export interface PlacedMark extends Mark {
  readonly character: number;
}

export function placed(marks: readonly Mark[], { starts }: TokenPlaces): PlacedMark[] {
  return marks.map((mark) => ({ ...mark, character: starts[Math.min(mark.at, starts.length - 1)]! }));
}

/** One list for each block: a move between two blocks belongs to the one that follows, the last ones to the last. */
export function marksByBlock(marks: readonly PlacedMark[], blocks: readonly Block[]): (readonly PlacedMark[])[] {
  const lists: PlacedMark[][] = blocks.map(() => []);
  let block = 0;
  for (const mark of marks) {
    while (block < blocks.length - 1 && mark.character >= blocks[block]!.to) block++;
    lists[block]?.push(mark);
  }
  return lists;
}

/** Marks whose place is not shown, such as within `**`, stand at what is shown next. @returns those that nothing follows, too */
export function snapped(
  marks: readonly PlacedMark[],
  node: Node,
): { readonly marks: readonly PlacedMark[]; readonly rest: readonly PlacedMark[] } {
  if (marks.length === 0) return { marks, rest: marks };
  const places = placesIn(node);
  const there: PlacedMark[] = [];
  const rest: PlacedMark[] = [];
  let next = 0;
  for (const mark of marks) {
    while (next < places.length && places[next]!.to <= mark.character) next++;
    const place = places[next];
    if (place === undefined) rest.push(mark);
    else there.push({ ...mark, character: Math.max(place.from, mark.character) });
  }
  return { marks: there, rest };
}

/** What is shown of the text, from the first character to the last. */
function placesIn(node: Node): { readonly from: number; readonly to: number }[] {
  if (node.kind === "formula") return [{ from: node.at, to: node.at + 1 }];
  if (node.kind === "element" || node.kind === "link") return node.children.flatMap(placesIn);
  return node.pieces.map(({ text, at }) => ({ from: at, to: at + text.length }));
}
