/**
 * Reports: what an experiment shows, as blocks. Charts are Vega-Lite specifications with their data inside, so that the same
 * file opens in a notebook and is drawn by every client alike; each number in them can be traced to its row.
 */
import * as z from "zod";
import { chartFault } from "./rules/chart.ts";

const text = z.string().max(20_000);
const cell = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,47}$/, "must be small letters, digits and '-'");
const title = z.string().max(200);

export const ProseBlockSchema = z
  .object({ type: z.literal("prose"), id, text: text.describe("paragraphs, separated by an empty line") })
  .strict();

export const TableBlockSchema = z
  .object({
    type: z.literal("table"),
    id,
    title,
    columns: z
      .array(z.object({ key: z.string().max(64), title: z.string().max(120), unit: z.string().max(40).optional() }).strict())
      .min(1)
      .max(64),
    rows: z.array(z.record(z.string().max(64), cell)).max(20_000),
    note: text.optional(),
  })
  .strict();

export const ChartBlockSchema = z
  .object({
    type: z.literal("chart"),
    id,
    title,
    description: text.describe("what it shows, for whoever cannot see it"),
    spec: z
      .record(z.string(), z.unknown())
      .describe(
        "Vega-Lite 5 or 6; its data are flat rows in `data.values` (each a row of the table below the chart), and it names no address. Left without `width` and without colours of its own it takes the page's.",
      ),
  })
  .strict()
  .superRefine(({ spec }, context) => {
    const fault = chartFault(spec);
    if (fault !== null) context.addIssue({ code: "custom", path: ["spec", ...fault.path], message: fault.message });
  });

export const GraphBlockSchema = z
  .object({
    type: z.literal("graph"),
    id,
    title,
    nodes: z
      .array(
        z
          .object({
            id: z.string().max(120),
            title: z.string().max(200),
            group: z.string().max(64).optional(),
            value: z.number().optional(),
          })
          .strict(),
      )
      .max(5000),
    edges: z.array(z.object({ from: z.string().max(120), to: z.string().max(120), value: z.number() }).strict()).max(20_000),
  })
  .strict()
  .superRefine(({ nodes, edges }, context) => {
    const known = new Set(nodes.map((node) => node.id));
    const at = edges.findIndex(({ from, to }) => !known.has(from) || !known.has(to));
    if (at >= 0) context.addIssue({ code: "custom", path: ["edges", at], message: "an edge must join two of the nodes" });
  });

export const SamplesBlockSchema = z
  .object({
    type: z.literal("samples"),
    id,
    title,
    samples: z
      .array(
        z
          .object({
            prompt: text,
            plain: text.nullable(),
            steered: text.nullable(),
            judged: z.record(z.string().max(64), cell).default({}),
          })
          .strict(),
      )
      .max(2000),
  })
  .strict();

export const BlockSchema = z.discriminatedUnion("type", [
  ProseBlockSchema,
  TableBlockSchema,
  ChartBlockSchema,
  GraphBlockSchema,
  SamplesBlockSchema,
]);
export type Block = z.infer<typeof BlockSchema>;

export const ReportSchema = z
  .object({
    version: z.literal(1),
    title,
    experiment: z.string().max(64),
    job: z.string().max(64),
    model: z.string().max(200).nullable(),
    created: z.string().max(40),
    blocks: z
      .array(BlockSchema)
      .min(1)
      .max(200)
      .refine((blocks) => new Set(blocks.map((block) => block.id)).size === blocks.length, "two blocks have one id"),
  })
  .strict();
export type Report = z.infer<typeof ReportSchema>;
