import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { makeWay, type Resident } from "../../../daemon/server/engines/room.ts";

const GB = 1e9;
const model = (id: string, lastUsed: number, more: Partial<Resident> = {}): Resident => ({
  ...{ id, lastUsed, sizeBytes: GB, users: 0 },
  ...more,
});

describe("room for one more model", () => {
  const three = [model("b", 2), model("a", 1), model("c", 3)];

  it("leaves all where they are while there is room", () => {
    assert.deepEqual(makeWay(three, GB, { models: 0, availableBytes: 2 * GB }), { ids: [], enough: true });
    assert.deepEqual(makeWay(three, GB, { models: 4, availableBytes: 2 * GB }), { ids: [], enough: true });
  });

  it("unloads those used longest ago, as few as do", () => {
    assert.deepEqual(makeWay(three, GB, { models: 0, availableBytes: 0 }).ids, ["a"]);
    assert.deepEqual(makeWay(three, 2 * GB, { models: 0, availableBytes: 0 }).ids, ["a", "b"]);
    assert.deepEqual(makeWay(three, GB, { models: 2, availableBytes: 9 * GB }).ids, ["a", "b"]);
  });

  it("never takes one that is in use, and says when their number stays too large", () => {
    const used = [model("a", 1, { users: 1 }), model("b", 2)];
    assert.deepEqual(makeWay(used, GB, { models: 2, availableBytes: 9 * GB }), { ids: ["b"], enough: true });
    assert.deepEqual(makeWay(used, GB, { models: 1, availableBytes: 9 * GB }), { ids: ["b"], enough: false });
    assert.deepEqual(makeWay(used, 9 * GB, { models: 0, availableBytes: 0 }), { ids: ["b"], enough: true });
  });
});
