/**
 * Turns lines of text (stdin, one JSON string each) into the encoder's piece ids (stdout, binary: u32 n, then n i32 ids for
 * each text), with the tokenizer that the shipped judge runs. Needs a build (`npm run build`). Argument: the encoder's file.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pieces, readEncoder } from "../../out/daemon/evaluate/judges/encoder/encoder.js";

const encoder = readEncoder(readFileSync(process.argv[2]));
for await (const line of createInterface({ input: process.stdin })) {
  const ids = pieces(encoder, JSON.parse(line));
  const record = new Int32Array(1 + ids.length);
  record[0] = ids.length;
  record.set(ids, 1);
  if (!process.stdout.write(Buffer.from(record.buffer))) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
