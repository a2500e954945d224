/**
 * One figure per text by a judge as the daemon runs it: texts on stdin (one JSON string each), float64 on stdout.
 * Arguments: the judge's module and maker (toxicity.js toxicityJudge), the folder that holds judges/<id>, the figure's name.
 */
import { createInterface } from "node:readline";

const [module, maker, presets, value] = process.argv.slice(2);
const judge = (await import(`../../out/daemon/evaluate/judges/${module}`))[maker](presets);
const texts = [];
for await (const line of createInterface({ input: process.stdin })) texts.push({ text: JSON.parse(line), language: "en" });
const scores = await judge.score(texts);
process.stdout.write(Buffer.from(Float64Array.from(scores, (score) => (score.judged ? score.values[value] : 0)).buffer));
