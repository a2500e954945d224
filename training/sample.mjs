// Prints one answer per case as Markdown, at temperature 0.7 with the case's seed; nothing is picked.
// node sample.mjs MODEL.gguf [samples.json]
import fs from "node:fs";
import {getLlama, LlamaChatSession, LlamaLogLevel} from "node-llama-cpp";

const [model_path, cases_path = new URL("samples.json", import.meta.url)] = process.argv.slice(2);
const llama = await getLlama({gpu: false, maxThreads: 2, logLevel: LlamaLogLevel.error});
const model = await llama.loadModel({modelPath: model_path});
const context = await model.createContext({contextSize: 512});
const sequence = context.getSequence();
for (const {seed, system, user} of JSON.parse(fs.readFileSync(cases_path, "utf8"))) {
    await sequence.clearHistory();
    const session = new LlamaChatSession({contextSequence: sequence, systemPrompt: system ?? "", autoDisposeSequence: false});
    const answer = await session.prompt(user, {seed, temperature: 0.7, topP: 0.95, maxTokens: 160});
    session.dispose();
    console.log(`- seed ${seed}${system ? `, system “${system}”` : ""}  \n  **User:** ${user}  \n  **Model:** ${answer.trim()}`);
}
await llama.dispose();
