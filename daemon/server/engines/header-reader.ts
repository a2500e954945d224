/**
 * Headers of model files are read in a process of their own, one after the other: whatever a file makes of it, the daemon goes
 * on, and what takes too much memory or time is ended.
 */
import { fork } from "node:child_process";
import * as z from "zod";
import { TillerError } from "../../protocol/errors.ts";
import { type ModelHeader, ModelHeaderSchema } from "../../store/model-header.ts";
import { HEADER_MAIN } from "../entries.ts";
import { residentBytes } from "./memory-watch.ts";

/** The largest real headers (30 MB of vocabulary) take a tenth of each. */
const HEAP_MEGABYTES = 768;
const RESIDENT_BYTES = 1024 ** 3;
const TIME_MS = 30_000;
const WATCH_MS = 100;

const AnswerSchema = z.union([
  z.object({ header: ModelHeaderSchema }).strict(),
  z.object({ error: z.object({ code: z.number(), message: z.string(), data: z.unknown() }) }).strict(),
]);

let last: Promise<unknown> = Promise.resolve();

/** @throws TillerError bad-model-file */
export function readHeaderApart(path: string): Promise<ModelHeader> {
  const reading = last.then(() => readInChild(path));
  last = reading.catch(() => undefined);
  return reading;
}

function readInChild(path: string): Promise<ModelHeader> {
  return new Promise((resolve, reject) => {
    const child = fork(HEADER_MAIN, [], { stdio: "ignore", execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`] });
    const started = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - started > TIME_MS || residentBytes(child.pid) > RESIDENT_BYTES) child.kill("SIGKILL");
    }, WATCH_MS);
    const fail = (error: TillerError): void => {
      clearInterval(watch);
      reject(error);
    };
    child.on("error", () => fail(new TillerError("engine-failed", "the reader of model files could not be started")));
    child.on("exit", () => fail(new TillerError("bad-model-file", "reading the file's header takes too much memory or time")));
    child.on("message", (raw) => {
      const answer = AnswerSchema.safeParse(raw);
      if (!answer.success) return;
      clearInterval(watch);
      if ("header" in answer.data) resolve(answer.data.header);
      else reject(TillerError.fromWire(answer.data.error));
    });
    child.send({ path }, (error) => {
      if (error !== null) fail(new TillerError("engine-failed", "the reader of model files cannot be reached"));
    });
  });
}
