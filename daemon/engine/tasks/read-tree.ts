/**
 * Reads many texts for what is inside them, on a context of its own that is made for it and closed after it: what texts share
 * is computed once, and one batch holds as much of them as there is. All work is there from the start, so batches follow from
 * the request alone.
 */
import { TillerError } from "../../protocol/errors.ts";
import type { SiteAddress } from "../../protocol/sites.ts";
import { BATCH } from "../model/estimate.ts";
import type { DecodeRequest, DecodeResult, NativeContext } from "../model/native.ts";
import { OUTPUT_LOGITS, OUTPUT_NONE } from "../model/native.ts";
import type { Binding } from "../steering/binding.ts";
import type { LoweredPlan } from "../steering/lowered.ts";
import { Steering } from "../steering/steering.ts";
import { type Leaf, planReading, type TreeNode, type Wave } from "./reading-tree.ts";

/** In one cache for all, every token looks at the cells of others, too, masked but there: more of them cost more than larger batches save. */
const CELLS = 1024;
const SEQUENCES = 63;
const LOGIT_BYTES = 64 * 1024 ** 2;
const CAPTURE_BYTES = 64 * 1024 ** 2;
/** An engine that says nothing for long counts as hanging. */
const PROGRESS_MS = 200;

export interface TreeText {
  readonly tokens: Int32Array;
  /** edits of answers act from `steeredFrom` on; what stands before is read without any */
  readonly plan: LoweredPlan | null;
  readonly steeredFrom: number;
  /** positions whose activations are wanted: from, to */
  readonly captured: readonly [number, number];
  /** positions whose logits are wanted: from, to */
  readonly logits: readonly [number, number];
  /** one call per wanted position, in order */
  readonly took: (position: number, row: TreeRow) => void;
}

/** What was computed at one position. Views of what the next decode writes over. */
export interface TreeRow {
  /** by tap, in the order in which they were asked for; empty where none were wanted */
  readonly values: readonly Float32Array[];
  readonly logits: Float32Array | null;
}

export interface TreeHost {
  /** a fresh context with one cache for all of its sequences */
  readonly createContext: (cells: number, sequences: number) => NativeContext;
  readonly maxProfiles: number;
  readonly vocabularySize: number;
  readonly progress: (fraction: number) => void;
  /** asked before each decode */
  readonly cancelled: () => boolean;
}

/** @returns how many tokens were computed; @throws TillerError cancelled, engine-failed, too-large, not-steerable */
export async function readTree(
  texts: readonly TreeText[],
  taps: readonly (SiteAddress & { readonly width: number })[],
  host: TreeHost,
): Promise<{ computed: number }> {
  if (texts.length === 0) return { computed: 0 };
  const leaves = texts.map(leafOf);
  const limits = { sequences: SEQUENCES, cells: CELLS, profiles: host.maxProfiles - 2 };
  const plan = planReading(leaves, limits);
  const context = host.createContext(Math.max(...plan.waves.map(({ cells }) => cells)), Math.max(...plan.waves.map(sequencesOf)));
  try {
    const steering = new Steering(context, host.maxProfiles);
    const needs = [...new Set(texts.map((text) => text.plan))].map((one) => steering.needs(one, [], taps));
    steering.hold({
      element: needs.flatMap(({ element }) => element),
      columns: needs.flatMap(({ columns }) => columns),
      probes: [],
      taps,
    });
    const reader = new Reader(texts, taps, context, steering, host, plan.computed);
    await reader.trunk(plan.trunk);
    for (const wave of plan.waves) await reader.wave(wave, plan.trunk);
    return { computed: plan.computed };
  } finally {
    await context.close();
  }
}

function leafOf({ tokens, plan, steeredFrom, captured, logits }: TreeText): Leaf {
  const wants = [captured, logits].filter(([from, to]) => to > from).map(([from]) => from);
  return {
    tokens,
    shared: plan === null ? tokens.length : steeredFrom,
    wanted: Math.min(tokens.length, ...wants),
    profile: plan?.answer.variants[0]?.fingerprint ?? null,
  };
}

/** One more for the trunk. */
function sequencesOf({ sequences }: Wave): number {
  return sequences + 1;
}

interface Running {
  readonly node: TreeNode;
  readonly sequence: number;
}

interface Row {
  readonly node: TreeNode;
  readonly sequence: number;
  readonly position: number;
  readonly capture: boolean;
  readonly logits: boolean;
}

class Reader {
  readonly #texts: readonly TreeText[];
  readonly #context: NativeContext;
  readonly #steering: Steering;
  readonly #host: TreeHost;
  readonly #taps: readonly SiteAddress[];
  readonly #total: number;
  /** rows of one decode that may ask for each */
  readonly #logitRows: number;
  readonly #captureRows: number;
  #done = 0;
  #told = 0;

  constructor(
    texts: readonly TreeText[],
    taps: readonly (SiteAddress & { readonly width: number })[],
    context: NativeContext,
    steering: Steering,
    host: TreeHost,
    total: number,
  ) {
    this.#texts = texts;
    this.#taps = taps;
    this.#context = context;
    this.#steering = steering;
    this.#host = host;
    this.#total = total;
    this.#logitRows = Math.max(1, Math.floor(LOGIT_BYTES / (host.vocabularySize * 4)));
    this.#captureRows = Math.max(
      1,
      Math.floor(
        CAPTURE_BYTES /
          (4 *
            Math.max(
              1,
              taps.reduce((sum, { width }) => sum + width, 0),
            )),
      ),
    );
  }

  async trunk(length: number): Promise<void> {
    const node = { from: 0, to: length, leaves: [0], children: [] };
    await this.#read([{ node, sequence: 0 }]);
  }

  async wave({ roots, sequences }: Wave, trunk: number): Promise<void> {
    let next = 1;
    const bindings: Binding[] = [];
    try {
      let level: Running[] = roots.map((node) => this.#start({ node, sequence: next++ }, 0, trunk, bindings));
      while (level.length > 0) {
        await this.#read(level);
        level = level.flatMap(({ node, sequence }) =>
          // the first goes on where its parent stands, which the others copy before it does
          [...node.children].reverse().map((child, index) => {
            const first = index === node.children.length - 1;
            return this.#start({ node: child, sequence: first ? sequence : next++ }, sequence, node.to, bindings);
          }),
        );
      }
    } finally {
      for (const binding of bindings) this.#steering.unbind(binding.slots);
    }
    for (let sequence = 1; sequence <= sequences; sequence++) this.#context.seqRemove(sequence, -1, -1);
  }

  #start(running: Running, source: number, length: number, bindings: Binding[]): Running {
    const { node, sequence } = running;
    if (sequence !== source && length > 0) this.#context.seqCopy(source, sequence, 0, length);
    const text = this.#texts[node.leaves[0]!]!;
    if (node.leaves.length > 1 || text.plan === null) return running;
    const binding = this.#steering.bind(sequence, { ...text.plan, prompt: { variants: [] }, last: { variants: [] } });
    if (binding === null) throw new TillerError("overloaded", "every steering profile of the reading is in use");
    bindings.push(binding);
    binding.apply(text.steeredFrom, text.steeredFrom, 0);
    return running;
  }

  async #read(level: readonly Running[]): Promise<void> {
    let rows: Row[] = [];
    let captured = 0;
    let logits = 0;
    for (const row of level.flatMap((running) => [...this.#rowsOf(running)])) {
      const full = rows.length === BATCH || (row.capture && captured === this.#captureRows) || (row.logits && logits === this.#logitRows);
      if (full) {
        await this.#decode(rows);
        rows = [];
        captured = 0;
        logits = 0;
      }
      rows.push(row);
      if (row.capture) captured++;
      if (row.logits) logits++;
    }
    if (rows.length > 0) await this.#decode(rows);
  }

  *#rowsOf({ node, sequence }: Running): Generator<Row> {
    const wanting = (which: "captured" | "logits", position: number): boolean =>
      node.leaves.some((index) => inside(this.#texts[index]![which], position));
    for (let position = node.from; position < node.to; position++)
      yield { node, sequence, position, capture: wanting("captured", position), logits: wanting("logits", position) };
  }

  async #decode(rows: readonly Row[]): Promise<void> {
    if (this.#host.cancelled()) throw new TillerError("cancelled", "the reading was cancelled");
    let result: DecodeResult;
    try {
      result = await this.#context.decode(this.#request(rows));
    } catch (error) {
      throw new TillerError("engine-failed", `the model could not go on: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#deliver(rows, result);
    this.#done += rows.length;
    const now = performance.now();
    if (now - this.#told < PROGRESS_MS && this.#done < this.#total) return;
    this.#told = now;
    this.#host.progress(this.#done / this.#total);
  }

  #request(rows: readonly Row[]): DecodeRequest {
    return {
      tokens: Int32Array.from(rows, ({ node, position }) => this.#texts[node.leaves[0]!]!.tokens[position]!),
      positions: Int32Array.from(rows, ({ position }) => position),
      sequences: Int32Array.from(rows, ({ sequence }) => sequence),
      outputs: Uint8Array.from(rows, ({ logits }) => (logits ? OUTPUT_LOGITS : OUTPUT_NONE)),
      samplers: new Int32Array(rows.length).fill(-1),
      capture: rows.some(({ capture }) => capture) ? Uint8Array.from(rows, ({ capture }) => (capture ? 1 : 0)) : null,
      classes: null,
    };
  }

  #deliver(rows: readonly Row[], { captures, logits }: DecodeResult): void {
    const ordered = this.#taps.map(({ site, layer }) => captures.find((one) => one.site === site && one.layer === layer));
    const { vocabularySize } = this.#host;
    let captured = 0;
    let scored = 0;
    for (const { node, position, capture, logits: wants } of rows) {
      const at = captured;
      const values = capture ? ordered.map((one) => one!.data.subarray(at * one!.width, (at + 1) * one!.width)) : [];
      const row = { values, logits: wants ? logits.subarray(scored * vocabularySize, (scored + 1) * vocabularySize) : null };
      if (capture) captured++;
      if (wants) scored++;
      for (const index of node.leaves) {
        const text = this.#texts[index]!;
        if (inside(text.captured, position) || inside(text.logits, position)) text.took(position, row);
      }
    }
  }
}

function inside([from, to]: readonly [number, number], position: number): boolean {
  return position >= from && position < to;
}
