/**
 * The one loop that runs everything on a model's context: it lets waiting work in, builds one batch per step from all
 * running work, decodes it, and hands out the results while the next decode already runs.
 */
import { setImmediate as immediate } from "node:timers/promises";
import type { EngineEvents, ThreadsNow } from "../../protocol/engine-api.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { DecodeResult, NativeContext } from "../model/native.ts";
import type { Watches } from "../steering/activation-stream.ts";
import { promptMarks } from "../steering/lowered.ts";
import type { Steering } from "../steering/steering.ts";
import { BatchBuffers } from "./batch.ts";
import { chooseSequence } from "./cache.ts";
import type { Governor } from "./governor.ts";
import { chargeGrammars } from "./grammar-time.ts";
import { FairQueue } from "./queue.ts";
import { type Feed, heldUp, prefillBudget, shareBatch, smoothRowCost } from "./scheduler.ts";
import { createSequences, lockStepOf, type Sequence } from "./sequence.ts";
import type { Rows, StopReason, Task } from "./task.ts";

export interface LoopOptions {
  readonly context: NativeContext;
  readonly steering: Steering;
  readonly watches: Watches;
  readonly live: (frame: EngineEvents["live"]) => void;
  readonly sequences: number;
  readonly batch: number;
  /** number of tokens that the model knows */
  readonly vocabulary: number;
  /** false: a sequence can only go on where it stands or begin anew (recurrent models) */
  readonly keepsPositions: boolean;
  /** positions from which on a prefix is copied from another sequence */
  readonly worthCopying: number;
  /** nobody waits for single tokens: prompts take all the room of a step, whatever time that takes, so that equal work makes equal batches */
  readonly steady?: boolean;
  /** each step computes one sequence alone, each prompt from its start on: results follow from the request to the last bit */
  readonly exact?: boolean;
  /** chooses the threads of every step; left out: as many as the context was made with */
  readonly governor?: Governor | undefined;
  /** whether there is memory for so many tokens more: a context takes it as it is used */
  readonly room?: (tokens: number) => boolean;
  /** that the context was made with */
  readonly threads: number;
  readonly learned?: (governor: Governor) => void;
}

export interface LoopStats {
  decodes: number;
  decodeMicros: number;
  sampleMicros: number;
  answerTokens: number;
}

const QUEUE_LIMIT = 4096;
/** tokens that an answer may have, as far as memory for it is looked after beforehand */
const ANSWER_ROOM = 512;

export class Loop {
  readonly stats: LoopStats = { decodes: 0, decodeMicros: 0, sampleMicros: 0, answerTokens: 0 };
  readonly #options: LoopOptions;
  readonly #queue = new FairQueue<Task>();
  readonly #sequences: Sequence[];
  readonly #buffers: BatchBuffers;
  readonly #rows: Rows;
  /** wait for the decode that runs to end */
  readonly #before: (() => void)[] = [];
  /** wait for it and for the next one to be asked for */
  readonly #after: (() => void)[] = [];
  #rowCost = 0;
  #clock = 0;
  /** the sequence that had the last turn in exact mode */
  #last = -1;
  #running = false;
  #decoding = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#sequences = createSequences(options.sequences);
    this.#buffers = new BatchBuffers(options.batch);
    const { vocabulary, steering } = options;
    const result = null as unknown as DecodeResult;
    this.#rows = { result, layout: steering.layoutAt(0), row: 0, count: 0, position: 0, output: 0, logits: 0, vocabulary };
  }

  get queued(): number {
    return this.#queue.size;
  }

  get active(): number {
    return this.#sequences.reduce((sum, sequence) => sum + (sequence.task === null ? 0 : 1), 0);
  }

  /** that compute single answers: now, and on an idle machine; the same where their number is fixed */
  get threads(): ThreadsNow {
    const { governor, threads } = this.#options;
    return governor?.state ?? { now: threads, idle: threads };
  }

  get kvUsed(): number {
    return this.#sequences.reduce((sum, sequence) => sum + sequence.cache.length, 0);
  }

  submit(task: Task): void {
    if (this.#queue.size >= QUEUE_LIMIT)
      throw new TillerError("overloaded", `${QUEUE_LIMIT} requests are waiting already`, { suggestion: "Try again later." });
    this.#queue.push(task);
    this.wake();
  }

  /** The running sequence of a task, or null while it waits or after it ended. */
  find(id: string): Sequence | null {
    return this.#sequences.find((sequence) => sequence.task?.id === id) ?? null;
  }

  waiting(id: string): Task | undefined {
    return this.#queue.find(id);
  }

  /** Runs a change between two decodes: at once while none runs. It must not throw. */
  beforeNext(change: () => void): void {
    if (this.#decoding) this.#before.push(change);
    else change();
  }

  /** As `beforeNext`, but when the next decode was asked for, which may have been decoded ahead: a change before that throws it away. */
  afterNext(change: () => void): void {
    if (this.#decoding) this.#after.push(change);
    else change();
  }

  /** A waiting task that was asked to stop ends at once; a running one at the next step. */
  dropWaiting(id: string, reason: StopReason): void {
    const task = this.#queue.remove(id);
    task?.end(reason);
    task?.publish(performance.now());
  }

  dropAllWaiting(reason: StopReason): void {
    for (const task of this.#queue.drain()) {
      task.end(reason);
      task.publish(performance.now());
    }
  }

  wake(): void {
    if (this.#running) return;
    this.#running = true;
    // A turn of the event loop first, so that requests that arrive together start together.
    setImmediate(() => {
      this.#run().catch((error: unknown) => {
        process.nextTick(() => {
          throw error;
        });
      });
    });
  }

  async #run(): Promise<void> {
    const published: Task[] = [];
    for (;;) {
      this.#endStopped(published);
      this.#endComplete(published);
      for (const change of this.#before.splice(0)) change();
      this.#admit();
      const batch = this.#fill();
      const decoding = batch === null ? null : this.#options.context.decode(batch);
      this.#decoding = decoding !== null;
      for (const change of this.#after.splice(0)) change();
      // The native side works from here on: everything that can wait is done now.
      const now = performance.now();
      for (const task of published) {
        const frame = this.#options.watches.frame(task.id);
        if (frame !== null) this.#options.live(frame);
        task.publish(now);
      }
      published.length = 0;
      if (decoding === null) {
        if (this.#queue.size === 0 || this.active > 0) break;
        await immediate();
        continue;
      }
      let result: DecodeResult;
      try {
        result = await decoding;
      } catch (error) {
        this.#decoding = false;
        this.#failed(error);
        continue;
      }
      this.#decoding = false;
      this.#account(result);
      this.#rows.layout = this.#options.steering.layoutAt(result.version);
      this.#distribute(result, published);
    }
    this.#running = false;
    // answers that wait for something outside wake it when that has come
    if (this.#queue.size > 0 && this.active === 0) this.wake();
  }

  #admit(): void {
    for (;;) {
      const task = this.#queue.peek();
      if (task === undefined) return;
      const idle = this.#sequences.filter((sequence) => sequence.task === null);
      if (idle.length < 1 + (task.lockStep?.companions.length ?? 0)) return;
      // Where memory runs short, answers run one after the other rather than all at once.
      if (idle.length < this.#sequences.length && this.#options.room?.(task.prompt.length + ANSWER_ROOM) === false) return;
      try {
        if (!this.#begin(task, idle)) return;
      } catch (error) {
        this.#queue.shift();
        task.fail(TillerError.from(error));
        continue;
      }
      this.#queue.shift();
    }
  }

  /** @returns false when the task must wait for profile slots */
  #begin(task: Task, idle: readonly Sequence[]): boolean {
    const placed: Sequence[] = [];
    const undo = (): void => {
      for (const sequence of placed) this.#free(sequence);
    };
    try {
      // the leader last: what waits for slots has not started
      for (const one of [...(task.lockStep?.companions ?? []), task]) {
        const sequence = this.#place(
          one,
          idle.filter((free) => free.task === null),
        );
        if (sequence === null) {
          undo();
          return false;
        }
        placed.push(sequence);
      }
    } catch (error) {
      undo();
      throw error;
    }
    const leader = placed.pop()!;
    leader.companions = placed;
    for (const companion of placed) companion.leader = leader;
    return true;
  }

  /** @returns null when it must wait for profile slots */
  #place(task: Task, idle: readonly Sequence[]): Sequence | null {
    const { steering, context, watches, keepsPositions } = this.#options;
    const { prompt, account, plan, prefixAt = 0 } = task;
    const choice = chooseSequence(
      idle,
      { prompt, marks: promptMarks(plan, prefixAt, prompt.length), account },
      {
        reuse: task.reuse && this.#options.exact !== true,
        keepsPositions,
        worthCopying: this.#options.worthCopying,
      },
    )!;
    const sequence = this.#sequences[choice.id]!;
    const hold = steering.hold(steering.needs(task.plan, task.probes, [...task.taps, ...watches.tapsOf(task.id)]));
    let binding: Sequence["binding"] = null;
    try {
      binding = steering.bind(sequence.id, plan, prefixAt);
      if (binding === null) {
        steering.release(hold);
        return null;
      }
      if (choice.from !== choice.id) {
        context.seqRemove(sequence.id, -1, -1);
        context.seqCopy(choice.from, sequence.id, 0, choice.reuse);
        sequence.cache.copyFrom(this.#sequences[choice.from]!.cache, choice.reuse);
      } else {
        if (choice.reuse === 0) context.seqRemove(sequence.id, -1, -1);
        else if (choice.reuse < sequence.cache.length) context.seqRemove(sequence.id, choice.reuse, -1);
        sequence.cache.truncate(choice.reuse);
      }
      sequence.cache.account = account;
      binding.apply(choice.reuse, task.prompt.length, 0);
      task.start({ sequence: sequence.id, reused: choice.reuse, context, binding, now: performance.now() });
    } catch (error) {
      if (binding !== null) steering.unbind(binding.slots);
      steering.release(hold);
      throw error;
    }
    sequence.task = task;
    sequence.binding = binding;
    sequence.hold = hold;
    sequence.fed = choice.reuse;
    sequence.moved = -1;
    sequence.used = ++this.#clock;
    return sequence;
  }

  #fill(): ReturnType<BatchBuffers["request"]> | null {
    const buffers = this.#buffers;
    const all = this.#sequences.filter((sequence) => sequence.task !== null);
    if (all.length === 0) return null;
    const active = this.#options.exact ? [this.#inTurn(all)] : all;
    for (const sequence of all) {
      sequence.rows = 0;
      this.#fork(sequence);
    }
    const feeds = active.map(feedOf);
    const prefill =
      this.#options.steady || this.#options.exact ? buffers.limit : prefillBudget(heldUp(active), buffers.limit, this.#rowCost);
    const share = shareBatch(feeds, buffers.limit, prefill);
    const now = performance.now();
    buffers.clear();
    active.forEach((sequence, index) => {
      sequence.row = buffers.count;
      sequence.rows = share[index]!;
      if (sequence.rows === 0) return;
      if (answers(sequence)) buffers.answer(sequence, this.#options.watches.due(sequence.task!.id, now));
      else buffers.prompt(sequence, sequence.rows);
    });
    const ahead =
      this.#options.keepsPositions &&
      active.length === all.length &&
      active.every((one) => one.task!.rests === true || (answers(one) && one.task!.goesOn === true));
    for (const sequence of active) {
      const samples = sequence.fed + sequence.rows >= sequence.task!.prompt.length;
      if (samples && sequence.rows > 0) sequence.task!.reads?.(this.#options.steering.layout);
      const lockStep = sequence.task!.lockStep;
      if (lockStep !== undefined && lockStep.fork === undefined && sequence.rows > 0 && samples) buffers.link(sequence);
    }
    for (const sequence of active) if (sequence.rows > 0) this.#note(sequence);
    // all of them wait for what is decided elsewhere
    if (buffers.count === 0) return null;
    return buffers.request(ahead, this.#options.governor?.threads(buffers.count));
  }

  /** All that sample side by side take over what one of them holds: the prompt, and then each block that was chosen. */
  #fork(leader: Sequence): void {
    const fork = leader.task!.lockStep?.fork;
    const source = fork?.source() ?? null;
    if (fork === undefined || source === null || leader.fed < leader.task!.prompt.length - 1) return;
    const all = lockStepOf(leader);
    const from = all[source]!;
    for (const one of all) {
      if (one === from) continue;
      this.#options.context.seqCopy(from.id, one.id, 0, from.cache.length);
      one.cache.copyFrom(from.cache, from.cache.length);
      one.fed = from.fed;
      const { bits } = from.binding!;
      if (one.binding!.bits !== bits) one.binding!.apply(one.fed, one.task!.prompt.length, bits);
    }
    fork.forked();
  }

  /** The one whose last step lies furthest back. */
  #inTurn(active: readonly Sequence[]): Sequence {
    const next = active.find(({ id }) => id > this.#last) ?? active[0]!;
    this.#last = next.id;
    return next;
  }

  /** Keeps the cache in step with what the native side will hold after this decode. */
  #note(sequence: Sequence): void {
    const { task, binding, cache } = sequence;
    if (sequence.fed >= task!.prompt.length) cache.append(task!.next, binding!.answerFingerprint);
    else {
      const marks = promptMarks(binding!.plan, task!.prefixAt ?? 0, task!.prompt.length);
      for (let i = 0, mark = 0; i < sequence.rows; i++) {
        const position = sequence.fed + i;
        while ((marks[mark + 1]?.from ?? Number.POSITIVE_INFINITY) <= position) mark++;
        cache.append(task!.prompt[position]!, marks[mark]!.fingerprint);
      }
    }
    sequence.fed += sequence.rows;
  }

  #account(result: DecodeResult): void {
    this.stats.decodes++;
    this.stats.decodeMicros += result.decodeMicros;
    this.stats.sampleMicros += result.sampleMicros;
    chargeGrammars(this.#sequences, result.sampleMicros);
    const { governor, learned } = this.#options;
    const { decodeMicros: micros, cpuMicros, threads } = result;
    if (governor?.took({ rows: this.#buffers.count, threads, micros, cpuMicros }, performance.now())) learned?.(governor);
    this.#rowCost = smoothRowCost(this.#rowCost, this.#buffers.count, result.decodeMicros);
  }

  #distribute(result: DecodeResult, published: Task[]): void {
    const rows = this.#rows;
    rows.result = result;
    rows.output = 0;
    rows.logits = 0;
    for (const sequence of this.#sequences) {
      const task = sequence.task;
      if (task === null || sequence.rows === 0) continue;
      rows.row = sequence.row;
      rows.count = sequence.rows;
      rows.position = sequence.fed - sequence.rows;
      const last = rows.row + rows.count - 1;
      const read = sequence.fed >= task.prompt.length;
      if (read) sequence.binding!.read(result.probes, last, rows.layout, sequence.fed);
      this.#options.watches.took(task.id, result, last, sequence.fed - task.prompt.length - 1);
      task.took(rows);
      while (rows.output < result.rows.length && result.rows[rows.output]! <= last) {
        if (this.#buffers.wantsLogits(result.rows[rows.output]!)) rows.logits++;
        rows.output++;
      }
      const told = sequence.leader?.task ?? task;
      if (!published.includes(told)) published.push(told);
      if (sequence.leader !== null) continue;
      if (read && task.answerOutput > 0) this.stats.answerTokens++;
    }
    // afterwards: what was decoded in lock-step with it has its rows among the others
    this.#endComplete(published);
  }

  /** What is written to its end; also what was decided between two steps. */
  #endComplete(published: Task[]): void {
    for (const sequence of this.#sequences) {
      const { task, fed, leader } = sequence;
      if (task === null || leader !== null || fed < task.prompt.length || task.next >= 0) continue;
      this.#free(sequence);
      if (!published.includes(task)) published.push(task);
    }
  }

  #endStopped(published: Task[]): void {
    for (const sequence of this.#sequences) {
      const stop = sequence.task?.stop ?? null;
      if (sequence.task === null || stop === null) continue;
      const task = sequence.task;
      this.#free(sequence);
      task.end(stop);
      if (!published.includes(task)) published.push(task);
    }
  }

  #free(sequence: Sequence): void {
    for (const companion of sequence.companions) this.#free(companion);
    this.#options.steering.unbind(sequence.binding!.slots);
    this.#options.steering.release(sequence.hold!);
    sequence.task = null;
    sequence.binding = null;
    sequence.hold = null;
    sequence.leader = null;
    sequence.companions = [];
    sequence.rows = 0;
    sequence.used = ++this.#clock;
  }

  /**
   * A decode that failed leaves the cache of its sequences unknown: they are emptied and their work ends. Where a change could
   * not be applied the steering of all is unknown too.
   */
  #failed(error: unknown): void {
    const code = (error as { code?: unknown }).code;
    const message = error instanceof Error ? error.message : String(error);
    const all = code === "staging-failed";
    for (const sequence of this.#sequences) {
      if (sequence.task === null) {
        if (code === "kv-full") this.#empty(sequence);
        continue;
      }
      const together = lockStepOf(sequence);
      if (sequence.leader !== null || !(all || together.some(({ rows }) => rows > 0))) continue;
      const task = sequence.task;
      this.#free(sequence);
      for (const one of together) this.#empty(one);
      task.fail(new TillerError(code === "kv-full" ? "context-full" : "engine-failed", `the model could not go on: ${message}`));
    }
    if (all) this.#options.steering.forget();
  }

  #empty(sequence: Sequence): void {
    this.#options.context.seqRemove(sequence.id, -1, -1);
    sequence.cache.truncate(0);
  }
}

/** Its next row is one of the answer. */
function answers(sequence: Sequence): boolean {
  return sequence.fed >= sequence.task!.prompt.length;
}

/** What is decoded in lock-step waits before the prompt's last row, until all of it stands there. */
function feedOf(sequence: Sequence): Feed {
  const left = (one: Sequence): number => Math.max(1, one.task!.prompt.length - one.fed);
  const together = lockStepOf(sequence);
  if (together.length > 1 && together[0]!.task!.lockStep!.fork !== undefined) {
    if (sequence.task!.rests === true) return { answering: true, ready: 0 };
    if (left(together[0]!) === 1) return { answering: true, ready: 1 };
    return { answering: false, ready: sequence.leader === null ? left(sequence) - 1 : 0 };
  }
  if (together.length === 1) return { answering: answers(sequence), ready: Math.min(left(sequence), sequence.task!.chunk) };
  if (together.every((one) => left(one) === 1)) return { answering: true, ready: 1 };
  return { answering: false, ready: Math.min(left(sequence) - 1, sequence.task!.chunk) };
}
