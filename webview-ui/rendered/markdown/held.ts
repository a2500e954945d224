/** An answer that is still being written, so that what is shown of it does not change its mind at the next token. Pure. */
import remend from "remend";

/** Marks at the very end: what they mean is decided by what follows. */
const MARKS = "*_`~[]!$\\<&|#";
/** A last line of nothing but marks: the beginning of a list, a rule, a heading's underline, a fence, a table's second line. */
const LINE = /^[ \t>]*(?:[-=*_#`~|+: \t]+|\d{1,9}[.)]?)$/;
const TABLE_LINE = /^[ \t>]*\|/;
const TABLE_RULE = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** Above it an unfinished text is shown as it stands: closing it would take longer than its next token. */
const MOST = 20_000;

/** How much of a text that is still being written can be shown already. */
export function shownLength(text: string): number {
  let length = text.length;
  const line = text.lastIndexOf("\n") + 1;
  if (line < length && LINE.test(text.slice(line))) length = line;
  length = withoutTableHead(text, length);
  while (length > 0 && MARKS.includes(text[length - 1]!)) length--;
  return length;
}

/** The first line of a table waits for the second one, which makes it that. */
function withoutTableHead(text: string, length: number): number {
  const end = text.slice(0, length).trimEnd().length;
  const at = text.lastIndexOf("\n", end - 1) + 1;
  const line = text.slice(at, end);
  if (!TABLE_LINE.test(line) || TABLE_RULE.test(line)) return length;
  for (let before = at; before > 0; ) {
    const from = text.lastIndexOf("\n", before - 2) + 1;
    const above = text.slice(from, before - 1);
    if (TABLE_RULE.test(above)) return length;
    if (!above.includes("|")) break;
    before = from;
  }
  return at;
}

/** Closes what is open: emphasis, code within a line, a link whose address is not there yet. Adds, or takes away, at the end only. */
export function mended(text: string): string {
  if (text.length > MOST) return text;
  const closed = remend(text, { katex: false, setextHeadings: false });
  return closed.startsWith(text.trimEnd()) || closed.includes("](streamdown:") || text.startsWith(closed.trimEnd()) ? closed : text;
}
