/** Entry of a child process: reads the header of one model file, sends it or what is wrong with it, and ends. */
import { TillerError } from "../protocol/errors.ts";
import { readModelHeader } from "./model-header.ts";

process.once("message", ({ path }: { path: string }) => {
  readModelHeader(path)
    .then(
      (header) => ({ header }),
      (error: unknown) => ({ error: TillerError.from(error).toWire() }),
    )
    .then((answer) => process.send?.(answer, () => process.disconnect()));
});
