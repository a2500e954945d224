/** Ctrl-C: the first one ends what runs, the second one ends the program. */
import { EXIT } from "../output/exit.ts";

/** @returns takes it off again */
export function onInterrupt(stop: () => void): () => void {
  let pressed = false;
  const listener = (): void => {
    if (pressed) process.exit(EXIT.interrupted);
    pressed = true;
    stop();
  };
  process.on("SIGINT", listener);
  return () => process.removeListener("SIGINT", listener);
}
