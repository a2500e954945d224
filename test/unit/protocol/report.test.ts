/** What a report may hold, and its numbers as one table and as a file. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { reportText } from "../../../daemon/cli/output/report.ts";
import { type Block, BlockSchema, ReportSchema } from "../../../daemon/protocol/report.ts";
import { csvOf, tableOf } from "../../../daemon/protocol/rules/report.ts";

const chart = (spec: object) => ({ type: "chart", id: "c", title: "C", description: "rises", spec });
const DRAWN = { data: { values: [{ x: 1, y: 2.5 }, { x: 2 }] }, mark: "line", encoding: { x: { field: "x" } } };
const GRAPH = {
  type: "graph",
  id: "g",
  title: "G",
  nodes: [
    { id: "a", title: "L3·N7" },
    { id: "b", title: "L4·N1" },
  ],
  edges: [{ from: "a", to: "b", value: -2 }],
};

describe("report: blocks", () => {
  it("a chart carries flat rows and names no address, wherever in it that would be", () => {
    assert.ok(BlockSchema.safeParse(chart(DRAWN)).success);
    const refused: [object, RegExp][] = [
      [{ mark: "line" }, /data\.values/],
      [{ ...DRAWN, data: { url: "http://127.0.0.1/x.csv" } }, /data\.values/],
      [{ ...DRAWN, data: { values: [{ x: [1] }] } }, /a chart's row/],
      [{ ...DRAWN, data: { values: [{ x: Number.NaN }] } }, /a chart's row/],
      [{ ...DRAWN, layer: [{ data: { url: "x" } }] }, /no address/],
      [{ ...DRAWN, encoding: { href: { field: "x" } } }, /no address/],
      [{ ...DRAWN, mark: { type: "image", url: "x" } }, /no address/],
    ];
    for (const [spec, why] of refused) assert.match(String(BlockSchema.safeParse(chart(spec)).error?.issues[0]?.message), why);
    // a column may be called so
    assert.ok(BlockSchema.safeParse(chart({ ...DRAWN, data: { values: [{ url: "x" }] } })).success);
  });

  it("an edge joins nodes that are there, and no two blocks have one id", () => {
    assert.ok(BlockSchema.safeParse(GRAPH).success);
    assert.match(
      String(BlockSchema.safeParse({ ...GRAPH, edges: [{ from: "a", to: "c", value: 1 }] }).error?.issues[0]?.message),
      /join two of the nodes/,
    );
    const report = { version: 1, title: "T", experiment: "e", job: "j", model: null, created: "now" };
    const prose = { type: "prose", id: "p", text: "said" };
    assert.ok(ReportSchema.safeParse({ ...report, blocks: [prose] }).success);
    assert.match(String(ReportSchema.safeParse({ ...report, blocks: [prose, prose] }).error?.issues[0]?.message), /one id/);
  });

  it("every block but prose is a table of its numbers", () => {
    const rows = (block: unknown) => tableOf(BlockSchema.parse(block));
    assert.equal(rows({ type: "prose", id: "p", text: "x" }), null);
    assert.deepEqual(
      rows(chart(DRAWN))!.columns.map(({ key }) => key),
      ["x", "y"],
    );
    assert.deepEqual(rows(GRAPH)!.rows, [{ from: "L3·N7", to: "L4·N1", value: -2 }]);
    const samples = { type: "samples", id: "s", title: "S", samples: [{ prompt: "p", plain: null, steered: "s", judged: { joy: 0.5 } }] };
    assert.equal(csvOf(rows(samples)!), "prompt,plain,steered,judged.joy\r\np,,s,0.5\r\n");
    const table = { type: "table", id: "t", title: "T", columns: [{ key: "a", title: "length", unit: "m" }], rows: [{ a: 1.23456789 }] };
    assert.equal(csvOf(rows(table)!), "a\r\n1.23456789\r\n");
  });

  it("comma-separated values say the same cells when they are read again", () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('a"b', "a,b", "a\nb", "a\r\nb", '"'), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), (cells) => {
        const columns = ["a", "b"].map((key) => ({ key, title: key, unit: "" }));
        const text = csvOf({ title: "", columns, rows: cells.map(([a, b]) => ({ a, b })) });
        assert.deepEqual(readCsv(text), [["a", "b"], ...cells.map((row) => row.map(String))]);
      }),
    );
  });

  it("a terminal shows tables, and a chart's rows where they are asked for", () => {
    const report = { title: "T", job: "j", blocks: [BlockSchema.parse(chart(DRAWN)), BlockSchema.parse(GRAPH)] as Block[] };
    const short = reportText(report, false);
    assert.match(short, /C \(chart\)\nrises\n\n/);
    assert.match(short, /tiller report show j --data` shows the data of c, g/);
    assert.doesNotMatch(short, /2\.5/);
    assert.match(reportText(report, true), /^x +y\n1 +2\.5\n2 /m);
  });
});

/** RFC 4180, read letter by letter. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = "";
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (text[at] === '"') at++;
        value += text[at];
      }
      at++;
    } else while (text[at] !== "," && text[at] !== "\r" && at < text.length) value += text[at++];
    row.push(value);
    if (text[at] === ",") at++;
    else {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}
