/** A block of code: its language, a button that copies it, its text in colours once these are there. */
import type { ComponentChild } from "preact";
import { useMemo } from "preact/hooks";
import { CopyButton } from "../ui/copy.tsx";
import { usePart } from "../ui/parts.ts";
import { coloured, piecesFrom, stretchesOn } from "./coloured.ts";
import type { Node, Piece } from "./node.ts";

interface Props {
  fence: Extract<Node, { kind: "fence" }>;
  write: (pieces: readonly Piece[]) => ComponentChild[];
}

export function Fence({ fence: { language, pieces, open }, write }: Props) {
  const { part } = usePart("code", language !== "");
  const code = pieces.map(({ text }) => text).join("");
  // Whole lines only while it is written: colours of half a word would come and go.
  const length = open ? code.lastIndexOf("\n") + 1 : code.length;
  const ready = code.slice(0, length);
  const stretches = useMemo(() => (part === null ? null : coloured(part, ready, language)), [part, ready, language]);
  const shown =
    stretches === null ? [{ kind: "", pieces }] : [...stretchesOn(pieces, stretches), { kind: "", pieces: piecesFrom(pieces, length) }];
  return (
    <figure class="md-code">
      <figcaption>
        <span>{language === "" ? "code" : language}</span>
        <CopyButton text={() => code} label="Copy this code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach */}
      <section tabIndex={0} dir="ltr" aria-label={language === "" ? "Code" : `Code, ${language}`}>
        <pre>
          <code>
            {shown.map(({ kind, pieces: part }, i) => (
              <span key={i} class={kind === "" ? undefined : kind}>
                {write(part)}
              </span>
            ))}
          </code>
        </pre>
      </section>
    </figure>
  );
}
