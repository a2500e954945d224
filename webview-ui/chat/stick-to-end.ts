/** A list that follows what is written at its end. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** Follows the text while the reader is at its end; stays put while they look further up. */
export function useStickToEnd(log: RefObject<HTMLElement | null>, inner: RefObject<HTMLElement | null>): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const element = log.current!;
    let top = element.scrollTop;
    // Only a way up is the reader's: text may have grown below since this page scrolled down by itself.
    const note = () => {
      if (element.scrollHeight - element.scrollTop - element.clientHeight < 48) atEnd.current = true;
      else if (element.scrollTop < top) atEnd.current = false;
      top = element.scrollTop;
    };
    const toEnd = () => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    };
    element.addEventListener("scroll", note, { passive: true });
    // Whatever makes it longer: tokens, a formula that is set, an inspector; before it is painted.
    const observer = new ResizeObserver(toEnd);
    observer.observe(inner.current!);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", note);
      observer.disconnect();
    };
  }, [log, inner]);
  useLayoutEffect(() => {
    if (atEnd.current) log.current!.scrollTop = log.current!.scrollHeight;
  }, []);
}
