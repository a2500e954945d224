/** Forms of experiments without an editor: what is typed, what is missing, and how a report reads. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { experimentEntries } from "../../../daemon/experiments/entries.ts";
import { experimentOf } from "../../../daemon/experiments/index.ts";
import { fieldsOf } from "../../../daemon/protocol/rules/form.ts";
import { missingOf, withValue } from "../../../extension/experiments/params.ts";
import { readText } from "../../../extension/experiments/read-text.ts";
import { receiptMarkdown, reportMarkdown } from "../../../extension/experiments/report-markdown.ts";
import { GOOD, receiptOf } from "../../support/receipt.ts";

const pairs = experimentEntries().find(({ id }) => id === "directions/from-pairs")!;
const field = (key: string) => fieldsOf(pairs.params).find((one) => one.key === key)!;

describe("extension: experiments", () => {
  it("reads what is typed as the schema has it, and the whole is what the experiment takes", () => {
    const typed = { id: "Very glad", pairs: "What joy! => It is fine. | Hooray! => Well.", seed: "9" };
    let params: Readonly<Record<string, unknown>> = {};
    assert.deepEqual(
      missingOf(fieldsOf(pairs.params), params).map(({ key }) => key),
      ["id", "templates"],
      "of a group its last member stands for it",
    );
    for (const [key, text] of Object.entries(typed)) {
      const read = readText(field(key), text, "direction");
      assert.ok("value" in read, JSON.stringify(read));
      params = withValue(fieldsOf(pairs.params), params, field(key), read.value);
    }
    assert.deepEqual(missingOf(fieldsOf(pairs.params), params), []);
    const parsed = experimentOf(pairs.id).params.parse(params) as Record<string, unknown>;
    assert.equal(parsed["id"], "direction/very-glad");
    assert.equal((parsed["pairs"] as unknown[]).length, 2);
    const swapped = withValue(fieldsOf(pairs.params), params, field("templates"), {});
    assert.ok(!("pairs" in swapped), "one of a group takes the place of the other");
  });

  it("refuses what the schema would refuse, in words", () => {
    const cases: [string, string, RegExp][] = [
      ["id", "", /needed/],
      ["seed", "many", /number/],
      ["seed", "1.5", /whole/],
      ["seed", "-1", /at least 0/],
      ["pairs", "only one", /pair 1 needs/],
      ["pairs", "a => b", /at least two/],
    ];
    for (const [key, text, problem] of cases) {
      const read = readText(field(key), text, null);
      assert.ok("problem" in read && problem.test(read.problem), `${key} '${text}': ${JSON.stringify(read)}`);
    }
  });

  it("writes a report as Markdown in which no text of a model means anything", () => {
    const evil = "```\n# not a heading <script>alert(1)</script> [x](command:tiller.stopDaemon) | cell";
    const markdown = reportMarkdown({
      version: 1,
      title: "A *title*",
      experiment: "x/y",
      job: "j",
      model: null,
      created: "2026-11-24T00:00:00.000Z",
      blocks: [
        { type: "prose", id: "p", text: evil },
        { type: "table", id: "t", title: "T", columns: [{ key: "a", title: evil }], rows: [{ a: evil }, { a: 0.123456 }] },
        { type: "samples", id: "s", title: "S", samples: [{ prompt: evil, plain: evil, steered: null, judged: { joy: 1 } }] },
        { type: "graph", id: "g", title: "G", nodes: [{ id: "a", title: "A" }], edges: [{ from: "a", to: "b", value: 1 }] },
        { type: "chart", id: "c", title: "C", description: "d", spec: { data: { values: [{ x: 1, y: 2 }] } } },
      ],
    });
    const outside = markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
    assert.ok(outside.length < markdown.length, "samples are fenced");
    assert.doesNotMatch(outside, /(?<!\\)<script|(?<!\\)\]\(|^# not/m);
    assert.match(markdown, /\| 0\\?\.1235 \|/);
    assert.match(markdown, /\| A \| b \| 1 \|/);
  });

  it("shows a receipt with its figures, its verdict and its bounds", () => {
    const markdown = receiptMarkdown(receiptOf(GOOD));
    assert.match(markdown, /^# joy: joy/);
    assert.match(markdown, /evidence goes from −1 to 1/);
    assert.match(markdown, /works/);
    assert.match(markdown, /held\\-out text loses/);
  });
});
