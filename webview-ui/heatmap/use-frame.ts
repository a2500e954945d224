/** The newest frame for what is read rather than watched: four times a second. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type LiveFrame, newestFrame, onFrame } from "./watch.ts";

export function useFrame(): LiveFrame | null {
  const [, render] = useState(0);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    const end = onFrame(() => {
      timer.current ??= setTimeout(() => {
        timer.current = null;
        render((count) => count + 1);
      }, 250);
    });
    return () => {
      end();
      if (timer.current !== null) clearTimeout(timer.current);
    };
  }, []);
  return newestFrame();
}
