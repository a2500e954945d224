/**
 * Draws the charts and graphs of reports with Vega. A bundle of its own (dist/webview/charts.js), which the page loads when the
 * first one is shown. Expressions are interpreted, never compiled, so that a policy without `eval` holds; nothing is fetched.
 */
import { Error as ERRORS, type Loader, type LoggerInterface, logger, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Block } from "../../../daemon/protocol/report.ts";
import { graphSpec } from "./graph.ts";
import { configOf, type Look } from "./look.ts";
import { fitted } from "./width.ts";

export type Drawable = Extract<Block, { type: "chart" | "graph" }>;

export interface Drawn {
  /** as it stands, a file of its own */
  svg(): Promise<string>;
  /** two pixels for one of the page */
  png(): Promise<Uint8Array>;
  /** the specification, which opens in a notebook or another tool of Vega's */
  readonly spec: object;
  end(): void;
}

const refuse = (): Promise<never> => Promise.reject(new Error("a chart names no address"));
const NO_NETWORK = { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as Loader;

/** @param container is emptied and filled; @throws where the specification is none that Vega can draw */
export async function draw(container: HTMLElement, block: Drawable, look: Look): Promise<Drawn> {
  const config = configOf(look);
  const spec = block.type === "chart" ? fitted(block.spec) : graphSpec(block, look, container.clientWidth);
  const vega =
    block.type === "chart" ? compile(spec as unknown as TopLevelSpec, { config: config as never }).spec : (spec as unknown as Spec);
  // `ast`: expressions as trees, for the interpreter
  const runtime = parse(vega, block.type === "chart" ? {} : (config as never), { ast: true } as never);
  const faults: unknown[] = [];
  const view = new View(runtime, { container, renderer: "svg", loader: NO_NETWORK, expr: expressionInterpreter, hover: false });
  view.logger(collecting(faults));
  await view.runAsync();
  if (faults.length > 0) {
    view.finalize();
    container.replaceChildren();
    throw faults[0] instanceof Error ? faults[0] : new Error(String(faults[0]));
  }
  // Its meaning is told by the figure around it, and its numbers by the table below.
  for (const svg of container.querySelectorAll("svg")) svg.setAttribute("aria-hidden", "true");
  return {
    spec: block.type === "chart" ? block.spec : spec,
    svg: () => view.toSVG(),
    png: async () => bytesOf(await view.toCanvas(2)),
    end: () => void view.finalize(),
  };
}

/** Vega tells its log what went wrong and draws half a picture; nobody reads a page's log. */
function collecting(faults: unknown[]): LoggerInterface {
  const log = logger(ERRORS);
  log.error = (...messages: readonly unknown[]) => {
    faults.push(messages[0]);
    return log;
  };
  return log;
}

function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("the picture is larger than the browser can make one"));
      else blob.arrayBuffer().then((buffer) => resolve(new Uint8Array(buffer)), reject);
    }, "image/png");
  });
}
