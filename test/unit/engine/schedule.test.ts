import assert from "node:assert/strict";
import fc from "fast-check";
import { FairQueue } from "../../../daemon/engine/loop/queue.ts";
import { heldUp, prefillBudget, shareBatch, smoothRowCost } from "../../../daemon/engine/loop/scheduler.ts";

describe("engine: the queue", () => {
  it("lets clients take turns and keeps each client's order", () => {
    const queue = new FairQueue<{ id: string; account: string; client: string }>();
    for (const id of ["a:1", "a:2", "a:3", "b:1", "c:1", "b:2"]) queue.push({ id, account: id[0]!, client: id[0]! });
    const order: string[] = [];
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) order.push(item.id);
    assert.deepEqual(order, ["a:1", "b:1", "c:1", "a:2", "b:2", "a:3"]);
    assert.equal(queue.size, 0);
  });

  it("lets tokens take turns, however many connections one has, and within a token its clients", () => {
    const queue = new FairQueue<{ id: string; account: string; client: string }>();
    const push = (id: string): void => queue.push({ id, account: id[0]!, client: id.slice(0, 2) });
    for (let i = 0; i < 150; i++) push(`a${i % 10}:${i}`);
    push("b0:0");
    push("b0:1");
    const order = Array.from({ length: 6 }, () => queue.shift()!.id);
    assert.deepEqual(order, ["a0:0", "b0:0", "a1:1", "b0:1", "a2:2", "a3:3"]);
    assert.equal(queue.size, 146);
  });

  it("removes by id and keeps count", () => {
    const queue = new FairQueue<{ id: string; account: string; client: string }>();
    for (const id of ["a:1", "a:2", "b:1"]) queue.push({ id, account: id[0]!, client: id[0]! });
    assert.equal(queue.remove("a:1")?.id, "a:1");
    assert.equal(queue.remove("a:1"), undefined);
    assert.equal(queue.peek()?.id, "a:2");
    assert.equal(queue.size, 2);
    assert.equal(queue.drain().length, 2);
    assert.equal(queue.size, 0);
  });
});

describe("engine: the batch", () => {
  const feeds = fc.array(fc.record({ answering: fc.boolean(), ready: fc.integer({ min: 1, max: 900 }) }), { maxLength: 64 });

  it("feeds every answer, never more than fits, prompts in their order", () => {
    fc.assert(
      fc.property(feeds, fc.integer({ min: 64, max: 512 }), fc.integer({ min: 1, max: 512 }), (list, limit, prefill) => {
        const rows = shareBatch(list, limit, prefill);
        const total = rows.reduce((sum, count) => sum + count, 0);
        assert.ok(total <= limit);
        list.forEach((feed, i) => {
          if (feed.answering) assert.equal(rows[i], 1);
          else assert.ok(rows[i]! <= feed.ready);
        });
        const prompts = list.map((feed, i) => ({ ...feed, rows: rows[i]! })).filter((feed) => !feed.answering);
        const short = prompts.findIndex((feed) => feed.rows < feed.ready);
        if (short >= 0) assert.ok(prompts.slice(short + 1).every((feed) => feed.rows === 0));
      }),
    );
  });

  it("always goes forward", () => {
    fc.assert(
      fc.property(
        feeds.filter((list) => list.length > 0),
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        (list, cost) => {
          const answering = list.filter((feed) => feed.answering).length;
          const rows = shareBatch(list, 512, prefillBudget(answering, 512, cost));
          assert.ok(rows.some((count) => count > 0));
        },
      ),
    );
  });

  it("protects answers from prompts, but not those that came along with them", () => {
    const one = (fed: number, received?: number) => ({
      fed,
      task: { prompt: new Int32Array(10), ...(received === undefined ? {} : { received }) },
    });
    assert.equal(heldUp([one(11, 0), one(0, 20)]), 0, "it has just begun, and the prompt came 20 ms behind it");
    assert.equal(heldUp([one(11, 0), one(0, 500)]), 1, "the prompt came later");
    assert.equal(heldUp([one(16, 0), one(0, 20)]), 1, "it flows already");
    assert.equal(heldUp([one(11, 0), one(10, 5), one(0, 20), one(4, 900)]), 2);
    assert.equal(heldUp([one(11), one(0, 20)]), 1);
    assert.equal(heldUp([one(0, 1), one(3, 2)]), 0);
  });

  it("learns what a prompt row costs", () => {
    assert.equal(smoothRowCost(0, 8, 1000), 0);
    assert.equal(smoothRowCost(0, 100, 1000), 10);
    assert.ok(prefillBudget(1, 512, 1000) < prefillBudget(1, 512, 200));
    assert.equal(prefillBudget(0, 512, 1e6), 512);
  });
});
