// What llama.cpp makes of an exported model: token ids, chat template and, for an F32 file, log-probabilities.
// node check.mjs MODEL.gguf CASES.json OUT.json   (CASES: {"texts": [string], "prompts": [[id]]})
import fs from "node:fs";
import {getLlama, LlamaLogLevel, resolveChatWrapper} from "node-llama-cpp";

const [model_path, cases_path, out_path] = process.argv.slice(2);
const cases = JSON.parse(fs.readFileSync(cases_path, "utf8"));
const llama = await getLlama({gpu: false, maxThreads: 2, logLevel: LlamaLogLevel.warn});
const model = await llama.loadModel({modelPath: model_path});
const tokens = cases.texts.map((text) => Array.from(model.tokenize(text, true)));
const detokenized = tokens.map((ids) => model.detokenize(ids, true));
const wrapper = resolveChatWrapper(model);
const {contextText, stopGenerationTriggers} = wrapper.generateContextState({
    chatHistory: [
        {type: "system", text: "Answer joyfully."},
        {type: "user", text: "Tell me about the dog."},
        {type: "model", response: [""]}
    ]
});
const rendered = contextText.tokenize(model.tokenizer).map(Number);

const logprobs = [];
if (cases.prompts.length > 0) {
    const context = await model.createContext({
        contextSize: 512, sequences: 1, flashAttention: false,
        experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32"
    });
    const sequence = context.getSequence();
    for (const prompt of cases.prompts) {
        await sequence.clearHistory();
        const input = prompt.map((id, i) => i < prompt.length - 1 ? id
            : [id, {generateNext: {probabilities: true, options: {temperature: 1, topK: 0, topP: 1, minP: 0}}}]);
        const result = await sequence.controlledEvaluate(input);
        const probabilities = result.at(-1)?.next?.probabilities;
        logprobs.push(Object.fromEntries([...probabilities].map(([id, p]) => [id, Math.log(p)])));
    }
}
const eog = [model.tokens.bos, model.tokens.eos, model.tokens.eot].map(Number);
fs.writeFileSync(out_path, JSON.stringify({tokens, detokenized, rendered, wrapper: wrapper.wrapperName, eog, logprobs,
    triggers: stopGenerationTriggers.map((t) => t.values.map((v) => typeof v === "object" ? v.type ?? String(v) : v)),
    addBos: model.tokens.shouldPrependBosToken, end: model.isEogToken(6)}));
await llama.dispose();
