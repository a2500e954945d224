/** Whether something has come near the part of a list that is seen. It stays so: what was shown once is not taken away. */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Above and below what is seen. */
const AROUND = "1200px 0px";

/** @param list selector of what scrolls; @param initially without looking */
export function useNear(element: RefObject<HTMLElement | null>, list: string, initially: boolean): boolean {
  const [near, setNear] = useState(initially);
  useEffect(() => {
    if (near || element.current === null) return;
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true), {
      root: element.current.closest(list),
      rootMargin: AROUND,
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [near]);
  return near;
}
