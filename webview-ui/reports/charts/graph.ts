/** A graph of a report as a Vega specification: forces find the places, an edge's width is its size and its colour its sign. Pure. */
import type { Block } from "../../../daemon/protocol/report.ts";
import type { Look } from "./look.ts";

type Graph = Extract<Block, { type: "graph" }>;

/** With more nodes than that their names would hide each other; the pointer still shows them, and the table has all. */
const NAMED = 60;
/** A few nodes need no tall picture, and have room to stand apart. */
const heightOf = (nodes: number): number => Math.min(420, 140 + 20 * nodes);
const distanceOf = (nodes: number): number => Math.max(60, 120 - 4 * nodes);

export function graphSpec({ nodes, edges }: Graph, { ink, accent, plus, minus }: Look, width: number): Record<string, unknown> {
  const index = new Map(nodes.map(({ id }, at) => [id, at]));
  const largest = Math.max(...edges.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const links = edges.map(({ from, to, value }) => ({
    source: index.get(from)!,
    target: index.get(to)!,
    wide: 0.5 + 4 * (Math.abs(value) / largest),
    colour: value < 0 ? minus : plus,
    tip: `${nodes[index.get(from)!]!.title} → ${nodes[index.get(to)!]!.title}: ${value}`,
  }));
  const grouped = nodes.some(({ group }) => group !== undefined);
  const named = nodes.length <= NAMED;
  const wide = Math.max(240, width - 24);
  const height = heightOf(nodes.length);
  return {
    $schema: "https://vega.github.io/schema/vega/v6.json",
    width: wide,
    height,
    padding: 6,
    data: [
      { name: "links", values: links },
      {
        name: "nodes",
        values: nodes.map(({ title, group, value }) => ({
          title,
          group: group ?? "",
          value: value ?? null,
          middle: wide / 2,
          centre: height / 2,
        })),
        transform: [
          {
            type: "force",
            signal: "placed",
            iterations: 300,
            static: true,
            forces: [
              { force: "collide", radius: 12 },
              { force: "nbody", strength: -60 },
              { force: "link", links: "links", distance: distanceOf(nodes.length) },
              { force: "x", x: "middle", strength: 0.04 },
              { force: "y", y: "centre", strength: 0.08 },
            ],
          },
        ],
      },
      {
        name: "lines",
        source: "links",
        // the places come first
        transform: [
          {
            type: "linkpath",
            require: { signal: "placed" },
            sourceX: "source.x",
            sourceY: "source.y",
            targetX: "target.x",
            targetY: "target.y",
          },
        ],
      },
    ],
    scales: grouped ? [{ name: "colour", type: "ordinal", domain: { data: "nodes", field: "group" }, range: "category" }] : [],
    legends: grouped ? [{ fill: "colour", symbolType: "circle", orient: "top" }] : [],
    marks: [
      {
        type: "path",
        from: { data: "lines" },
        encode: {
          update: {
            path: { field: "path" },
            stroke: { field: "colour" },
            strokeWidth: { field: "wide" },
            strokeOpacity: { value: 0.75 },
            tooltip: { field: "tip" },
          },
        },
      },
      {
        type: "symbol",
        name: "dots",
        from: { data: "nodes" },
        encode: {
          update: {
            x: { field: "x" },
            y: { field: "y" },
            size: { value: 90 },
            fill: grouped ? { scale: "colour", field: "group" } : { value: accent },
            stroke: { value: ink },
            strokeWidth: { value: 0.8 },
            tooltip: { signal: "datum.value === null ? datum.title : datum.title + ': ' + datum.value" },
          },
        },
      },
      ...(named
        ? [
            {
              type: "text",
              name: "names",
              from: { data: "nodes" },
              interactive: false,
              encode: {
                update: {
                  x: { field: "x" },
                  y: { field: "y", offset: -9 },
                  fill: { value: ink },
                  fontSize: { value: 12 },
                  align: { value: "center" },
                  text: { field: "title" },
                },
              },
            },
          ]
        : []),
    ],
  };
}
