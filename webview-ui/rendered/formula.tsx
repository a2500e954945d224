/** A formula. Until the part that sets formulas is there, and where it is none, its source. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { usePart } from "../ui/parts.ts";

export function Formula({ tex, display }: { tex: string; display: boolean }) {
  const { part } = usePart("math");
  const place = useRef<HTMLSpanElement>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useLayoutEffect(() => {
    if (part === null || place.current === null) return;
    try {
      part.set(place.current, tex, display);
      setWrong(null);
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error));
    }
  }, [part, tex, display, wrong === null]);
  const source = part === null || wrong !== null;
  return (
    <span class={display ? "md-formula display" : "md-formula"} dir="ltr">
      {source && (
        <code title={wrong ?? undefined}>
          {display ? "$$" : "$"}
          {tex}
          {display ? "$$" : "$"}
        </code>
      )}
      <span ref={place} hidden={source} />
    </span>
  );
}
