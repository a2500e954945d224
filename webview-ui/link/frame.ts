/** Work that belongs to the next animation frame; in a hidden tab, which has none, to a timer. */
export function nextFrame(work: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    work();
  };
  if (typeof requestAnimationFrame === "function" && !document.hidden) requestAnimationFrame(once);
  setTimeout(once, 100);
}
