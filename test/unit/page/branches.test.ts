/** A conversation as a tree: nothing that was written is ever out of reach. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { marksOf } from "../../../webview-ui/chat/marks.ts";
import { isToken, passIn } from "../../../webview-ui/link/token-text.ts";
import { answeredAgain, editedAt, everyTurn, mergedTurns, withAnswer, withTail } from "../../../webview-ui/store/branches.ts";
import type { Turn } from "../../../webview-ui/store/state.ts";

type Step = { kind: "send" | "again" | "edit" | "answer" | "tail"; at: number; which: number };
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("send", "again", "edit", "answer", "tail"),
    at: fc.nat(7),
    which: fc.nat(3),
  }),
  { maxLength: 24 },
);

/** @returns the conversation after these steps, with every question and answer that was ever in it */
function play(list: readonly Step[], from: readonly Turn[] = [], tag = ""): { turns: readonly Turn[]; made: Set<string> } {
  let turns = from;
  let count = 0;
  const made = new Set<string>();
  const fresh = (kind: string): string => {
    const id = `${kind}${tag}${count++}`;
    made.add(id);
    return id;
  };
  for (const { kind, at, which } of list) {
    const turn = turns[at];
    if (kind === "send" || turns.length === 0) {
      const id = fresh("q");
      turns = [...turns, { id, role: "user", text: id }, { id: `t${id}`, role: "assistant", answers: [fresh("a")], shown: 0 }];
    } else if (kind === "again" && turn?.role === "assistant") turns = answeredAgain(turns, at, fresh("a"));
    else if (kind === "edit" && turn?.role === "user") {
      const id = fresh("q");
      turns = [...editedAt(turns, at, id, id), { id: `t${id}`, role: "assistant", answers: [fresh("a")], shown: 0 }];
    } else if (kind === "answer" && turn?.role === "assistant") turns = withAnswer(turns, at, which);
    else if (kind === "tail" && turn?.role === "user" && which < (turn.tails?.length ?? 0)) turns = withTail(turns, at, which);
  }
  return { turns, made };
}

function found(turns: readonly Turn[]): Set<string> {
  return new Set(everyTurn(turns).flatMap((turn) => (turn.role === "user" ? [turn.id] : turn.answers)));
}

describe("page: branches", () => {
  it("keep every question and answer, whatever is edited, asked for again and looked at", () => {
    fc.assert(fc.property(steps, (list) => assert.deepEqual([...found(play(list).turns)].sort(), [...play(list).made].sort())));
  });

  it("come back as they were", () => {
    const first = play([
      { kind: "send", at: 0, which: 0 },
      { kind: "send", at: 0, which: 0 },
    ]).turns;
    const again = answeredAgain(first, 1, "other");
    assert.equal(again.length, 2);
    const back = withAnswer(again, 1, 0);
    assert.deepEqual(
      back.map(({ id }) => id),
      first.map(({ id }) => id),
    );
    const edited = editedAt(first, 2, "new", "in other words");
    assert.deepEqual(
      withTail(edited, 2, 0).map(({ id }) => id),
      first.map(({ id }) => id),
    );
    assert.deepEqual(
      withTail(withTail(edited, 2, 0), 2, 1).map(({ id }) => id),
      edited.map(({ id }) => id),
    );
  });

  it("of two tabs are joined without loss, and joining twice changes nothing", () => {
    fc.assert(
      fc.property(steps, steps, steps, (before, mine, theirs) => {
        const base = play(before);
        const a = play(mine, base.turns, "m");
        const b = play(theirs, base.turns, "t");
        const joined = mergedTurns(a.turns, b.turns);
        for (const id of [...found(a.turns), ...found(b.turns)]) assert.ok(found(joined).has(id), id);
        const shown = (turns: readonly Turn[]) => turns.map((turn) => (turn.role === "user" ? turn.id : turn.answers[turn.shown]));
        assert.deepEqual(shown(joined).slice(0, a.turns.length), shown(a.turns));
        assert.deepEqual(mergedTurns(joined, b.turns), joined);
        assert.deepEqual(mergedTurns(a.turns, a.turns), [...a.turns]);
      }),
    );
  });
});

describe("page: what is pasted into the sign-in", () => {
  const token = "dQw4w9WgXcQ_-dQw4w9WgXcQ";
  it("is understood where a token is in it, and else refused", () => {
    const forms = [
      token,
      `  ${token}\n`,
      `http://127.0.0.1:4517/#token=${token}`,
      `"http://127.0.0.1:4517/#token=${token}"`,
      `Bearer ${token}`,
      `${token.slice(0, 9)}\n${token.slice(9)}`,
      `page: http://localhost:1/#x=1&token=${token} (copy it)`,
    ];
    for (const form of forms) assert.deepEqual(passIn(form), { token }, form);
    for (const form of [
      `http://127.0.0.1:4517/#code=${token}`,
      `page, once  http://127.0.0.1:4517/#code=${token.slice(0, 5)}\n${token.slice(5)}`,
    ])
      assert.deepEqual(passIn(form), { code: token }, form);
    for (const wrong of ["", "   ", "http://127.0.0.1:4517/", "no token here at all, is there?", "ü".repeat(24), "short"])
      assert.equal(passIn(wrong), null, wrong);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const pass = passIn(text);
        return pass === null || isToken("code" in pass ? pass.code : pass.token);
      }),
    );
  });
});

describe("page: chips of moved sliders", () => {
  const tokens = [" Won", "der", "ful", " day", "!", "今", "日"].map((text) => ({ text }));
  const at = (token: number) => marksOf(tokens, [{ token, controls: { joy: 1 } }])[0]!.at;
  it("stand before words, never in them", () => {
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7].map(at), [0, 0, 0, 3, 4, 5, 6, 7]);
    const two = marksOf(tokens, [
      { token: 1, controls: { joy: 1 } },
      { token: 2, controls: { joy: 2, calm: 1 } },
    ]);
    assert.deepEqual(two, [{ at: 0, token: 1, controls: { joy: 2, calm: 1 } }]);
  });
});
