/** The width of an element in whole pixels, as it changes; 0 until it is laid out. */
import { useEffect, useState } from "preact/hooks";

export function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(element.current?.clientWidth ?? 0));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
