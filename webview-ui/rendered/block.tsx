/** One block of a rendered answer; those that do not change are not rendered again. */
import { Component } from "preact";
import { ChangeMark } from "../chat/change-mark.tsx";
import { sameScale } from "../chat/tint.ts";
import { type PlacedMark, snapped } from "./marks.ts";
import type { Block } from "./node.ts";
import { type Look, specialsIn, type TokenPlaces } from "./spans.ts";
import { Writer } from "./writer.tsx";

interface Props extends Look {
  block: Block;
  /** null: the tokens are not known */
  places: TokenPlaces | null;
  marks: readonly PlacedMark[];
}

export class BlockView extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (
      next.block !== now.block ||
      (next.places === null) !== (now.places === null) ||
      next.active !== now.active ||
      next.marked !== now.marked ||
      next.marks.length !== now.marks.length ||
      !sameScale(next.scale, now.scale)
    );
  }

  override render({ block, places, marks, scale, marked, active }: Props) {
    const specials = places === null ? [] : specialsIn(places, { scale, marked, active }, block.from, block.to);
    const { marks: within, rest } = snapped(marks, block.node);
    return (
      <>
        {new Writer(specials, within).node(block.node, 0)}
        {rest.map((mark) => (
          <ChangeMark key={mark.token} mark={mark} />
        ))}
      </>
    );
  }
}
