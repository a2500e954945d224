/**
 * What the emotion judge makes of texts, as the daemon runs it: one JSON array [language, text] per line on stdin; on stdout, per text,
 * seven float64 (a probability for each emotion in the order of the card, NaN where there is none), and the place of its label among
 * them (-1: none; -2: not judged). Argument: the folder that holds judges/emotion. Needs a build (`npm run build`).
 */
import { createInterface } from "node:readline";
import { emotionJudge } from "../../out/daemon/evaluate/judges/emotion.js";

const judge = emotionJudge(process.argv[2]);
const texts = [];
for await (const line of createInterface({ input: process.stdin })) {
  const [language, text] = JSON.parse(line);
  texts.push({ language, text });
}
const rows = (await judge.score(texts)).flatMap((score) => [
  ...judge.values.map((name) => (score.judged ? (score.values[name] ?? Number.NaN) : Number.NaN)),
  score.judged ? judge.values.indexOf(score.label) : -2,
]);
process.stdout.write(Buffer.from(Float64Array.from(rows).buffer));
