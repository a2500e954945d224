import assert from "node:assert/strict";
import fc from "fast-check";
import { findStop, incompleteTail, mayBegin, StopGate, Utf8Stream } from "../../../daemon/engine/loop/text.ts";

describe("engine: characters across tokens", () => {
  it("gives the same text however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.array(fc.nat(7), { maxLength: 80 }), (text, cuts) => {
        const bytes = new TextEncoder().encode(text);
        const stream = new Utf8Stream();
        let out = "";
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          out += stream.push(bytes.subarray(at, at + cut), null);
          at += cut;
        }
        assert.equal(out, new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      }),
    );
  });

  it("never holds more than three bytes back", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => incompleteTail(bytes) <= 3));
  });

  it("uses the known text of a token only where no character is open", () => {
    const stream = new Utf8Stream();
    const euro = new TextEncoder().encode("€");
    assert.equal(stream.push(euro.subarray(0, 1), null), "");
    assert.equal(stream.push(euro.subarray(1), "??"), "€");
    assert.equal(stream.push(new Uint8Array([97]), "a"), "a");
  });
});

describe("engine: stop strings", () => {
  it("cuts at the first stop string, whatever the tokens", () => {
    const piece = fc.constantFrom("a", "b", "ab", "aab", "ba", "", "abb");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(["abba"], ["bb", "aaa"], ["a"], ["babab", "aa"]), (pieces, stops) => {
        const gate = new StopGate<{ text: string }>(stops);
        let shown = "";
        let stopped = false;
        for (const text of pieces) {
          const step = gate.push({ text });
          shown += step.shown.map((token) => token.text).join("");
          stopped = step.stopped;
          if (stopped) break;
          assert.equal(findStop(shown, stops), -1);
        }
        if (!stopped)
          shown += gate
            .rest()
            .map((token) => token.text)
            .join("");
        const text = pieces.join("");
        const stop = findStop(text, stops);
        assert.equal(shown, stop < 0 ? text : text.slice(0, stop));
        assert.equal(stopped, stop >= 0);
      }),
    );
  });

  it("holds back only what may begin a stop string", () => {
    assert.equal(mayBegin("one END", ["ENDE"]), 3);
    assert.equal(mayBegin("one E ", ["ENDE"]), 0);
    const gate = new StopGate<{ text: string }>(["ENDE"]);
    assert.deepEqual(gate.push({ text: "one" }).shown, [{ text: "one" }]);
    assert.deepEqual(gate.push({ text: " EN" }).shown, []);
    assert.deepEqual(gate.push({ text: "trance" }).shown, [{ text: " EN" }, { text: "trance" }]);
  });
});
