/**
 * Formulas as models write them in running text: `\( … \)`, `\[ … \]`, and `$ … $` where it is none of money: as Pandoc reads it, no
 * space within the dollars' edges and no digit after the last. `$$ … $$` is micromark-extension-math's.
 */
import type { Code, Construct, Effects, Extension, State, TokenizeContext } from "micromark-util-types";

const DOLLAR = 36;
const BACKSLASH = 92;
/** the sign that opens → the one that closes */
const BRACKETS: Readonly<Record<number, number>> = { 40: 41, 91: 93 };

const isEnd = (code: Code): boolean => code === null;
const isLineEnding = (code: Code): boolean => code !== null && code < -2;
const isSpace = (code: Code): boolean => code !== null && (code < 0 || code === 32);
const isDigit = (code: Code): boolean => code !== null && code >= 48 && code <= 57;
const isWord = (code: Code): boolean =>
  isDigit(code) || (code !== null && ((code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code > 127));

const bracketed: Construct = {
  name: "mathText",
  tokenize(effects, ok, nok) {
    let closing = 0;
    return start;

    function start(code: Code): State | undefined {
      effects.enter("mathText" as never);
      effects.enter("mathTextSequence" as never);
      effects.consume(code);
      return open;
    }
    function open(code: Code): State | undefined {
      closing = BRACKETS[code ?? 0] ?? 0;
      if (closing === 0) return nok(code);
      effects.consume(code);
      effects.exit("mathTextSequence" as never);
      return between;
    }
    function between(code: Code): State | undefined {
      if (isEnd(code)) return nok(code);
      if (isLineEnding(code)) return lineEnding(effects, code, between);
      if (code === BACKSLASH) {
        const token = effects.enter("mathTextSequence" as never);
        effects.consume(code);
        return (next) => {
          if (next === closing) {
            effects.consume(next);
            effects.exit("mathTextSequence" as never);
            effects.exit("mathText" as never);
            return ok;
          }
          (token as { type: string }).type = "mathTextData";
          // `\\` is a line's end in a formula: its second half begins nothing
          if (next === BACKSLASH) {
            effects.consume(next);
            return data;
          }
          return data(next);
        };
      }
      effects.enter("mathTextData" as never);
      return data(code);
    }
    function data(code: Code): State | undefined {
      if (isEnd(code) || isLineEnding(code) || code === BACKSLASH) {
        effects.exit("mathTextData" as never);
        return between(code);
      }
      effects.consume(code);
      return data;
    }
  },
};

const dollars: Construct = {
  name: "mathText",
  previous(this: TokenizeContext, code) {
    return code !== DOLLAR && !isWord(code);
  },
  tokenize(effects, ok, nok) {
    let before: Code = null;
    return start;

    function start(code: Code): State | undefined {
      effects.enter("mathText" as never);
      effects.enter("mathTextSequence" as never);
      effects.consume(code);
      effects.exit("mathTextSequence" as never);
      return first;
    }
    function first(code: Code): State | undefined {
      if (isEnd(code) || isSpace(code) || code === DOLLAR) return nok(code);
      effects.enter("mathTextData" as never);
      return data(code);
    }
    function data(code: Code): State | undefined {
      if (isEnd(code) || isLineEnding(code)) return nok(code);
      if (code === DOLLAR && before !== BACKSLASH) {
        if (isSpace(before)) return nok(code);
        effects.exit("mathTextData" as never);
        effects.enter("mathTextSequence" as never);
        effects.consume(code);
        effects.exit("mathTextSequence" as never);
        effects.exit("mathText" as never);
        return after;
      }
      before = before === BACKSLASH && code === BACKSLASH ? null : code;
      effects.consume(code);
      return data;
    }
    function after(code: Code): State | undefined {
      return isDigit(code) || code === DOLLAR ? nok(code) : ok(code);
    }
  },
};

function lineEnding(effects: Effects, code: Code, next: State): State {
  effects.enter("lineEnding");
  effects.consume(code);
  effects.exit("lineEnding");
  return next;
}

export const texInText: Extension = { text: { [BACKSLASH]: bracketed, [DOLLAR]: dollars } };
