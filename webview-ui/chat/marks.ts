/** Where the chips stand that say that a slider was moved: before a word, never within one. Pure. */
import type { Token } from "../../daemon/protocol/api/generate.ts";
import type { Changes } from "../store/state.ts";

/** `at`: the token that the chip stands before; `token`: the first one under the new strength */
export interface Mark {
  readonly at: number;
  readonly token: number;
  readonly controls: Record<string, number>;
}

/** Letters that go on with a word; a script that writes without spaces is left as it is. */
const WITHIN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{N}\p{M}'’]/u;
const ENDS_IN = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{N}\p{M}'’]$/u;

/** Several changes within one word stand as one chip before it. */
export function marksOf(tokens: readonly Pick<Token, "text">[], changes: Changes): readonly Mark[] {
  const marks: Mark[] = [];
  for (const { token, controls } of changes) {
    const at = wordFrom(tokens, token);
    const last = marks.at(-1);
    if (last?.at === at) marks[marks.length - 1] = { ...last, controls: { ...last.controls, ...controls } };
    else marks.push({ at, token, controls });
  }
  return marks;
}

/** The token that begins the word which this one is in: what is written before it does not move while the answer grows. */
function wordFrom(tokens: readonly Pick<Token, "text">[], from: number): number {
  let at = from;
  while (at > 0 && at < tokens.length && WITHIN.test(tokens[at]!.text) && ENDS_IN.test(tokens[at - 1]!.text)) at--;
  return at;
}
