/** An answer's text as blocks, read as it grows: seldom enough that reading takes a small part of the time. */
import { useEffect, useRef, useState } from "preact/hooks";
import { usePart } from "../ui/parts.ts";
import type { Reading } from "./markdown/main.ts";
import type { Rendered } from "./node.ts";

/** Reading may take one part in so many of the time that passes. */
const SHARE = 5;

interface Held {
  readonly reading: Reading;
  text: string;
  running: boolean;
  rendered: Rendered;
  /** milliseconds that reading took last, and when that was */
  cost: number;
  at: number;
}

/** `rendered` is null until the part that reads is there. */
export function useRendered(
  text: string,
  running: boolean,
): { readonly rendered: Rendered | null; readonly failed: boolean; readonly again: () => void } {
  const { part, failed, again } = usePart("markdown");
  const held = useRef<Held | null>(null);
  const [, render] = useState(0);
  const wait = part === null ? null : read(part.open, held, text, running);
  useEffect(() => {
    if (wait === null || wait === 0) return;
    const timer = setTimeout(() => render((count) => count + 1), wait);
    return () => clearTimeout(timer);
  });
  return { rendered: held.current?.rendered ?? null, failed, again };
}

/** @returns milliseconds after which what is new may be read; 0: nothing is new */
function read(open: () => Reading, held: { current: Held | null }, text: string, running: boolean): number {
  const before = held.current;
  if (before !== null && before.text === text && before.running === running) return 0;
  const begun = performance.now();
  if (before !== null && running && begun - before.at < before.cost * SHARE) return before.at + before.cost * SHARE - begun;
  const reading = before?.reading ?? open();
  const rendered = reading.read(text, running);
  held.current = { reading, text, running, rendered, cost: performance.now() - begun, at: begun };
  return 0;
}
