/** What opens below the fold comes into view, as little as it takes; the focus stays where it is. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** @returns a ref for the element that has just been opened */
export function useIntoView<T extends Element>(): RefObject<T | null> {
  const opened = useRef<T | null>(null);
  useEffect(() => opened.current?.scrollIntoView({ block: "nearest" }), []);
  return opened;
}
