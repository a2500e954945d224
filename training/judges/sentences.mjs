/** Sentences as the daemon cuts them: one JSON array [language, text] per line on stdin, a JSON array of sentences per line on stdout. Needs a build. */
import { createInterface } from "node:readline";
import { sentencesOf } from "../../out/daemon/evaluate/judges/segments.js";

for await (const line of createInterface({ input: process.stdin })) {
  const [language, text] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(sentencesOf(text, language))}\n`);
}
