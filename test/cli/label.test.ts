import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { ReceiptSchema } from "../../daemon/protocol/receipt.ts";
import { Cli } from "../support/cli.ts";

describe("cli: label", function () {
  this.timeout(0);
  let cli: Cli;
  before(() => {
    cli = new Cli();
  });
  after(() => cli.dispose());

  it("shows answers without a word of which are steered, and keeps what it is told in the receipt", async () => {
    const refused = await cli.run(["label", "direction/long"], { input: "" });
    assert.match(refused.stderr, /no receipt of direction\/long that can be labelled/);
    const few = await cli.run(["label", "direction/joy"], { input: "y\nq\n" });
    assert.match(few.stderr, /1 answers are labelled, 10 are the fewest/);
    assert.equal(few.code, 2);
    const quick = ReceiptSchema.parse(
      await cli.json([
        "evaluate",
        "direction/joy",
        "--quick",
        "--strength",
        "0.4",
        "--judge",
        "emotion/joy",
        "--asked",
        "Answer joyfully.",
      ]),
    );
    assert.equal(quick.human, null);
    const words = Array.from({ length: 20 }, (_, i) => (i % 3 === 0 ? "y" : "n"));
    const done = await cli.run(["label", "direction/joy", "--json"], { input: `what?\n${words.join("\n")}\n` });
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stderr, /20 of 20\. /);
    assert.doesNotMatch(done.stderr, /steered|plain/);
    const labelled = ReceiptSchema.parse(JSON.parse(done.stdout));
    assert.equal(labelled.human!.answers, 20);
    assert.ok(labelled.human!.agreement > 0 && labelled.human!.agreement < 1);
    assert.deepEqual(labelled.points, quick.points);
  });
});
