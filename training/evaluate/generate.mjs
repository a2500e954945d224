// Samples from a GGUF with llama.cpp. node generate.mjs MODEL.gguf JOBS.json OUT.json
// A job is {"text": raw prompt with special tokens, "seed", "temperature" (0: greedy), "top_p", "max": most tokens}; OUT is the list of continuations.
import fs from "node:fs";
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

const [model_path, jobs_path, out_path] = process.argv.slice(2);
const jobs = JSON.parse(fs.readFileSync(jobs_path, "utf8"));
const llama = await getLlama({gpu: false, maxThreads: 1, logLevel: LlamaLogLevel.error});
const model = await llama.loadModel({modelPath: model_path});
const context = await model.createContext({contextSize: 512, sequences: 1, threads: 1});
const sequence = context.getSequence();
const texts = [];
for (const {text, seed, temperature, top_p: topP, max} of jobs) {
    await sequence.clearHistory();
    const prompt = [model.tokens.bos, ...model.tokenize(text, true)];
    const made = [];
    for await (const token of sequence.evaluate(prompt, {temperature, topP, topK: 0, seed})) {
        if (model.isEogToken(token)) break;
        made.push(token);
        if (made.length >= max) break;
    }
    texts.push(model.detokenize(made, false, prompt));
}
fs.writeFileSync(out_path, JSON.stringify(texts));
await llama.dispose();
