/**
 * Turns lines of text (stdin, one JSON string each) into the judges' hashed features (stdout, binary), with the code that
 * the shipped judges run: for each text u32 n, then n i32 word features, u32 m, then m i32 character features.
 * Needs a build (`npm run build`). Only the first MAX_TOKENS tokens of a text are read. With the argument `toxicity` texts
 * are prepared as that judge prepares them.
 */
import { createInterface } from "node:readline";
import { features, tokens } from "../../out/daemon/evaluate/judges/features.js";
import { withoutEnd } from "../../out/daemon/evaluate/judges/toxicity.js";

const prepare = process.argv[2] === "toxicity" ? withoutEnd : (list) => list;
for await (const line of createInterface({ input: process.stdin })) {
  const { words, chars } = features(prepare(tokens(JSON.parse(line))));
  const record = new Int32Array(2 + words.length + chars.length);
  record[0] = words.length;
  record.set(words, 1);
  record[1 + words.length] = chars.length;
  record.set(chars, 2 + words.length);
  if (!process.stdout.write(Buffer.from(record.buffer))) await new Promise((resolve) => process.stdout.once("drain", resolve));
}
