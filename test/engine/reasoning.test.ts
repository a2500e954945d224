import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineGenerate } from "../../daemon/protocol/engine-api.ts";
import { PLAIN_RENDER } from "../../daemon/protocol/engine-api.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { type EngineAnswer, EngineUnderTest } from "../support/engine.ts";
import { ensureModel } from "../support/models/index.ts";

/** As Qwen3's: the model opens its reasoning itself, and a request can switch it off. */
const QWEN =
  "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}" +
  "{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|>" +
  "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}";
/** As DeepSeek R1's: the prompt opens it, always. */
const R1 =
  "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}" +
  "{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}";

describe("engine: reasoning", () => {
  let engine: EngineUnderTest;
  const messages = [{ role: "user" as const, content: "hello" }];

  before(async () => {
    const size = { layers: 1, width: 64, heads: 4, kvHeads: 2, mlpWidth: 96, vocabulary: 1024 };
    const path = ensureModel(join(tmpdir(), "tiller-test-models", "prompts-llama.gguf"), { architecture: "llama", size });
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
  });

  const tokensOf = async (content: string): Promise<number[]> =>
    (await engine.request("tokenize", { content, addSpecial: false, parseSpecial: true })).tokens;
  /** What an answer of exactly this text is made of. */
  const write = async (source: string, text: string, changes: Partial<EngineGenerate> = {}): Promise<EngineAnswer> => {
    await engine.request("template", { source });
    return engine.generate({ messages, forced: await tokensOf(text), ...changes });
  };
  const streamed = (answer: EngineAnswer, part: "text" | "reasoning"): string => answer.tokens.map((token) => token[part] ?? "").join("");

  it("stands beside the answer, and each token says what it adds to which", async () => {
    for (const [source, text] of [
      [QWEN, "<think>\nI wonder < why\n</think>\n\nBecause 1 < 2."],
      [R1, "I wonder < why\n</think>\n\nBecause 1 < 2."],
    ] as const) {
      const answer = await write(source, text);
      assert.equal(answer.text.trim(), "Because 1 < 2.");
      assert.equal(answer.reasoning?.trim(), "I wonder < why");
      assert.equal(streamed(answer, "text"), answer.text);
      assert.equal(streamed(answer, "reasoning"), answer.reasoning);
      assert.ok(answer.stats.reasoningTokens > 0 && answer.stats.reasoningTokens < answer.stats.answerTokens);
      assert.deepEqual(
        answer.tokens.map(({ id }) => id),
        await tokensOf(text),
        "no token is left out",
      );
    }
  });

  it("is streamed as it is written", async () => {
    const from = engine.events.length;
    const answer = await write(R1, "I wonder</think>So.");
    const tokens = engine.events.slice(from).flatMap((event) => (event.name === "tokens" ? event.params.tokens : []));
    assert.deepEqual(tokens, answer.tokens);
  });

  it("is all of an answer that ends while it is written, and nothing of one that has none", async () => {
    const cut = await write(R1, "I wonder why");
    assert.deepEqual([cut.text, cut.reasoning?.trim()], ["", "I wonder why"]);
    const plain = await write(QWEN, "Because.");
    assert.deepEqual([plain.text.trim(), plain.reasoning, plain.stats.reasoningTokens], ["Because.", null, 0]);
    const open = await write(R1, "I wonder <");
    assert.equal(open.reasoning?.trim(), "I wonder <", "what may have begun a mark is shown in the end");
  });

  it("is not looked for where the template has no part for it, or a grammar rules", async () => {
    const source = "{% for m in messages %}{{ m.content }}\n{% endfor %}";
    const answer = await write(source, "<think>a</think>b");
    assert.deepEqual([answer.text.trim(), answer.reasoning], ["<think>a</think>b", null]);
    await engine.request("template", { source: QWEN });
    const ruled = await engine.generate({ messages, grammar: 'root ::= "<think>no</think>"', sampling: { temperature: 0, maxTokens: 40 } });
    assert.deepEqual([ruled.text, ruled.reasoning], ["<think>no</think>", null]);
    const { text } = await engine.request("render", { messages, options: { ...PLAIN_RENDER, thinking: false } });
    const { tokens } = await engine.request("tokenize", { content: text, addSpecial: true, parseSpecial: true });
    assert.equal(ruled.stats.promptTokens, tokens.length, "the model is not asked to think");
    const asked = engine.generate({ messages, grammar: 'root ::= "a"', render: { ...PLAIN_RENDER, thinking: true } });
    await assert.rejects(asked, /leaves the model no room to reason/);
  });

  it("ends at its budget where it began", async () => {
    const end = await tokensOf("</think>");
    await engine.request("template", { source: R1 });
    for (const budget of [0, 5]) {
      const limits = { reasoningBudget: budget, logitBias: { "2": -100 }, sampling: { temperature: 0, maxTokens: 24 } };
      const answer = await engine.generate({ messages, ...limits });
      const ids = answer.tokens.map(({ id }) => id);
      const at = ids.findIndex((_, index) => end.every((token, i) => ids[index + i] === token));
      // a character that its last token has begun is ended first
      assert.ok(at >= budget && at <= budget + 3, `${ids}: not ended at ${budget}`);
      assert.equal(answer.reasoning === null, budget === 0);
      assert.ok(answer.text.length > 0, "and answers");
    }
    await engine.request("template", { source: QWEN });
    const unopened = await engine.generate({ messages, reasoningBudget: 0, sampling: { temperature: 0, maxTokens: 8 } });
    const free = await engine.generate({ messages, sampling: { temperature: 0, maxTokens: 8 } });
    assert.deepEqual(unopened.tokens, free.tokens, "what was not begun is not ended");
    await engine.request("template", { source: "{% for m in messages %}{{ m.content }}\n{% endfor %}" });
    await assert.rejects(
      engine.generate({ messages, reasoningBudget: 5 }),
      (error: TillerError) => error.detail.field === "reasoningBudget",
    );
  });
});
