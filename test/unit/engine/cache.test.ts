import assert from "node:assert/strict";
import { type Candidate, chooseSequence, PrefixCache, type Wanted } from "../../../daemon/engine/loop/cache.ts";

function cacheOf(tokens: readonly number[], fingerprint = "plain", rest: readonly number[] = [], other = "other"): PrefixCache {
  const cache = new PrefixCache();
  for (const token of tokens) cache.append(token, fingerprint);
  for (const token of rest) cache.append(token, other);
  return cache;
}

const prompt = (...tokens: number[]): Int32Array => Int32Array.from(tokens);

const asked = (tokens: Int32Array, fingerprint: string, account = ""): Wanted => ({
  prompt: tokens,
  marks: [{ from: 0, fingerprint }],
  account,
});

describe("engine: prefix cache", () => {
  it("matches up to the first other token and leaves one to compute", () => {
    assert.equal(cacheOf([1, 2, 3, 4]).match(asked(prompt(1, 2, 9, 4), "plain")), 2);
    assert.equal(cacheOf([1, 2, 3, 4]).match(asked(prompt(1, 2, 3, 4), "plain")), 3);
    assert.equal(cacheOf([1, 2]).match(asked(prompt(1, 2, 3, 4), "plain")), 2);
    assert.equal(cacheOf([]).match(asked(prompt(1), "plain")), 0);
  });

  it("matches only positions computed under the same steering", () => {
    const cache = cacheOf([1, 2, 3], "joy", [4, 5]);
    assert.equal(cache.match(asked(prompt(1, 2, 3, 4, 5, 6), "joy")), 3);
    assert.equal(cache.match(asked(prompt(1, 2, 3, 4, 5, 6), "plain")), 0);
    assert.equal(cacheOf([1, 2, 3], "joy", [4, 5], "joy").match(asked(prompt(1, 2, 3, 4, 5, 6), "joy")), 5);
  });

  it("matches a prefix row by row, and what follows it", () => {
    const marks = (...fingerprints: string[]) => [
      ...fingerprints.map((fingerprint, from) => ({ from, fingerprint })),
      { from: 3, fingerprint: "joy" },
    ];
    const cache = new PrefixCache();
    for (const [i, token] of [1, 0, 0, 7, 8].entries()) cache.append(token, ["joy", "a", "b", "joy", "joy"][i]!);
    const tokens = prompt(1, 0, 0, 7, 8, 9);
    assert.equal(cache.match({ prompt: tokens, marks: marks("joy", "a", "b"), account: "" }), 5);
    assert.equal(cache.match({ prompt: tokens, marks: marks("joy", "a", "c"), account: "" }), 2);
    assert.equal(cache.match(asked(tokens, "joy")), 1);
    assert.equal(
      cache.match({ prompt: tokens, marks: [{ from: 0, fingerprint: "joy" }, ...marks("joy", "a", "b").slice(1)], account: "" }),
      5,
    );
    // a prefix at the very start: of two marks at a position the last holds
    const start = [
      { from: 0, fingerprint: "plain" },
      { from: 0, fingerprint: "a" },
      { from: 1, fingerprint: "plain" },
    ];
    assert.equal(cacheOf([0], "a", [5, 6], "plain").match({ prompt: prompt(0, 5, 6, 7), marks: start, account: "" }), 3);
  });

  it("matches nothing that another token had read", () => {
    const cache = cacheOf([1, 2, 3, 4]);
    cache.account = "a";
    assert.equal(cache.match(asked(prompt(1, 2, 3, 4), "plain", "a")), 3);
    assert.equal(cache.match(asked(prompt(1, 2, 3, 4), "plain", "b")), 0);
    const copy = new PrefixCache();
    copy.copyFrom(cache, 2);
    assert.equal(copy.match(asked(prompt(1, 2, 3, 4), "plain", "a")), 2);
    assert.equal(copy.match(asked(prompt(1, 2, 3, 4), "plain", "b")), 0);
  });

  it("forgets what is cut off", () => {
    const cache = cacheOf([1, 2, 3], "joy", [4, 5]);
    cache.truncate(3);
    cache.append(7, "joy");
    assert.equal(cache.match(asked(prompt(1, 2, 3, 7, 8), "joy")), 4);
    assert.equal(cache.length, 4);
  });

  it("grows beyond its first size", () => {
    const tokens = Array.from({ length: 1000 }, (_, i) => i);
    assert.equal(cacheOf(tokens).match(asked(Int32Array.from([...tokens, 1]), "plain")), 1000);
  });
});

describe("engine: choice of a sequence", () => {
  const candidates = (...caches: PrefixCache[]): Candidate[] => caches.map((cache, id) => ({ id, cache, used: id + 1 }));
  const options = { worthCopying: 16, reuse: true, keepsPositions: true };

  it("continues a conversation where it is", () => {
    const idle = candidates(cacheOf([9, 9]), cacheOf([1, 2, 3, 4]), new PrefixCache());
    assert.deepEqual(chooseSequence(idle, asked(prompt(1, 2, 3, 4, 5), "plain"), options), { id: 1, from: 1, reuse: 4 });
  });

  it("copies a short common start instead of overwriting a longer conversation", () => {
    const common = Array.from({ length: 20 }, (_, i) => i);
    const long = cacheOf([...common, ...Array.from({ length: 60 }, (_, i) => 100 + i)]);
    const idle = candidates(long, new PrefixCache());
    const wanted = prompt(...common, ...Array.from({ length: 40 }, (_, i) => 200 + i));
    assert.deepEqual(chooseSequence(idle, asked(wanted, "plain"), options), { id: 1, from: 0, reuse: 20 });
    assert.deepEqual(chooseSequence(idle, asked(wanted, "plain"), { ...options, worthCopying: 32 }), { id: 1, from: 1, reuse: 0 });
    // for less a copy takes longer than computing it
    const short = prompt(...common.slice(0, 9), ...Array.from({ length: 40 }, (_, i) => 200 + i));
    assert.deepEqual(chooseSequence(idle, asked(short, "plain"), options), { id: 1, from: 1, reuse: 0 });
  });

  it("takes the lowest empty sequence first, then the one unused for longest", () => {
    assert.equal(
      chooseSequence(candidates(cacheOf([9]), new PrefixCache(), new PrefixCache()), asked(prompt(1, 2), "plain"), options)?.id,
      1,
    );
    assert.equal(chooseSequence(candidates(cacheOf([9]), cacheOf([8])), asked(prompt(1, 2), "plain"), options)?.id, 0);
    assert.equal(chooseSequence([], asked(prompt(1), "plain"), options), null);
  });

  it("reuses nothing where every row is wanted", () => {
    assert.equal(chooseSequence(candidates(cacheOf([1, 2, 3])), asked(prompt(1, 2, 3), "plain"), { ...options, reuse: false })?.reuse, 0);
  });

  it("of a recurrent model goes on where a sequence stands, or begins anew", () => {
    const whole = { ...options, keepsPositions: false };
    const cache = new PrefixCache();
    for (const token of [1, 2, 3]) cache.append(token, "plain");
    const idle = [
      { id: 0, cache: new PrefixCache(), used: 0 },
      { id: 1, cache, used: 1 },
    ];
    assert.deepEqual(chooseSequence(idle, asked(Int32Array.of(1, 2, 3, 4), "plain"), whole), { id: 1, from: 1, reuse: 3 });
    assert.deepEqual(chooseSequence(idle, asked(Int32Array.of(1, 2, 9, 4), "plain"), whole), { id: 0, from: 0, reuse: 0 });
    assert.deepEqual(chooseSequence(idle, asked(Int32Array.of(1, 2, 3), "plain"), whole), { id: 0, from: 0, reuse: 0 });
    assert.deepEqual(chooseSequence(idle, asked(Int32Array.of(1, 2, 3, 4), "steered"), whole), { id: 0, from: 0, reuse: 0 });
  });
});
