/** Quick verdicts of the embedded model's own sliders: what they say, what they keep, and that they end early where it is plain. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { type Receipt, ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { makeHome, startTestDaemon, type TestDaemon } from "../support/daemon.ts";
import { asked, ended, measure, QUICK_SPEC } from "../support/evaluation.ts";
import { connect, type RpcClient } from "../support/rpc.ts";

describe("daemon: quick verdicts on the embedded model", function () {
  this.timeout(0);
  let daemon: TestDaemon;
  let client: RpcClient;
  before(async () => {
    daemon = await startTestDaemon({ home: makeHome() });
    client = await connect(daemon.url, { token: daemon.token });
  });
  after(async () => {
    await client.close();
    await daemon.dispose();
  });

  async function quick(params: Parameters<typeof asked>[1]): Promise<Receipt> {
    const { id } = await client.call("experiment.start", asked("quick-verdict", params));
    const job = await ended(client, id);
    assert.equal(job.state, "done", job.message);
    const { receipts } = await client.call("artifact.get", { id: job.result });
    return ReceiptSchema.parse(receipts.find((one: Receipt) => one.quick !== null));
  }

  it("say that the shipped slider of joy works, on prompts of six kinds, with what else it changes", async () => {
    const receipt = await quick({ preset: "joyful", strength: 0.4 });
    assert.equal(receipt.verdict, "works", receipt.summary);
    assert.match(receipt.summary, /^works: joy \+/);
    assert.ok(receipt.quick!.look >= 1 && receipt.quick!.look <= receipt.quick!.looks);
    assert.equal(receipt.seeds, receipt.quick!.look);
    assert.equal(receipt.draws, 8);
    assert.equal(receipt.kinds.length, 6);
    assert.ok(receipt.also.length > 5);
    assert.deepEqual(
      receipt.points.map(({ strength, random }) => [strength, random !== null]),
      [
        [-0.4, false],
        [0, false],
        [0.4, true],
      ],
    );
    assert.deepEqual(receipt, await quick({ preset: "joyful", strength: 0.4 }).then((again) => ({ ...again, created: receipt.created })));
  });

  it("choose a strength by what it does to held-out text, and stand behind a full receipt", async () => {
    const by = { judge: QUICK_SPEC.judge, asked: "Answer in Spanish." };
    const receipt = await quick({ artifact: "direction/spanish", by });
    const [, , steered] = receipt.points;
    assert.ok(steered!.strength > 0 && steered!.strength <= 1);
    const full = await measure(client, { artifact: "direction/spanish", by: { ...by, strengths: [steered!.strength] }, n: 48 });
    assert.equal(full.quick, null);
    const { receipts } = await client.call("artifact.get", { id: "direction/spanish" });
    const titles = receipts.filter(({ title }: Receipt) => title === receipt.title);
    assert.deepEqual(titles.map(({ quick: one }: Receipt) => one !== null).sort(), [false, true], "both are kept");
  });

  it("refuse what has no judge", async () => {
    const { code } = await client.refused("experiment.start", asked("quick-verdict", { artifact: "direction/none" }));
    assert.equal(code, "not-found");
  });
});
