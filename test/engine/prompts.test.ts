import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChatTurn, PLAIN_RENDER, type Rendered, type RenderOptions } from "../../daemon/protocol/engine-api.ts";
import type { TillerError } from "../../daemon/protocol/errors.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { ensureModel } from "../support/models/index.ts";

const user = (content: string): ChatTurn => ({ role: "user", content });
const assistant = (content: string): ChatTurn => ({ role: "assistant", content });
const system = (content: string): ChatTurn => ({ role: "system", content });

/** Writes each turn as it comes, one to a line, and marks nothing. */
const BARE = "{% for m in messages %}{{ m.role }}={{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant={% endif %}";
const THINKING =
  "{% for m in messages %}<|{{ m.role }}|>{% if m.reasoning_content %}<think>\n{{ m.reasoning_content }}\n</think>\n\n{% endif %}" +
  "{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|>" +
  "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}";
const LLAMA2 =
  "{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% else %} {{ m.content }}</s>{% endif %}{% endfor %}";

describe("engine: prompts", () => {
  let engine: EngineUnderTest;

  before(async () => {
    const size = { layers: 1, width: 64, heads: 4, kvHeads: 2, mlpWidth: 96, vocabulary: 1024 };
    const path = ensureModel(join(tmpdir(), "tiller-test-models", "prompts-llama.gguf"), { architecture: "llama", size });
    engine = await EngineUnderTest.load(path);
  });
  after(async () => {
    await engine?.stop();
  });

  const write = async (source: string | null, messages: ChatTurn[], options: Partial<RenderOptions> = {}): Promise<Rendered> => {
    await engine.request("template", { source });
    return engine.request("render", { messages, options: { ...PLAIN_RENDER, ...options } });
  };
  const refused = (pattern: RegExp, field: string) => (error: TillerError) => {
    assert.match(error.message, pattern);
    assert.equal(error.detail.field, field);
    return true;
  };

  it("writes the model's own template, whose BOS stands once", async () => {
    const { text, tokens, renderer, generationPrompt } = await write(null, [system("Be kind."), user("hello")]);
    assert.equal(text, "<|system|>Be kind.</s><|user|>hello</s><|assistant|>");
    assert.equal(generationPrompt, "<|assistant|>");
    assert.equal(renderer, "llama.cpp");
    assert.deepEqual([tokens[0], tokens.filter((token) => token === 1).length], [1, 1]);
    assert.equal(tokens.at(-1), 261, "the marker is one token, not its letters");
  });

  it("tokenises once: a SentencePiece model gets one space in front, not one for each piece", async () => {
    const { text, tokens } = await write(LLAMA2, [user("hello there"), assistant("well"), user("and now")]);
    const { pieces } = await engine.request("tokenize", { content: text, addSpecial: true, parseSpecial: true });
    assert.equal(pieces.map((piece) => piece.text).join(""), "<s> [INST] hello there [/INST] well</s> [INST] and now [/INST]");
    assert.deepEqual((await engine.request("tokenize", { content: text, addSpecial: true, parseSpecial: true })).tokens, tokens);
    assert.equal(
      (await engine.request("detokenize", { tokens: tokens.slice(1) })).content,
      pieces
        .slice(1)
        .map(({ text: part }) => part)
        .join(""),
    );
  });

  it("leaves turns as they are: consecutive ones, empty ones, spaces at their ends", async () => {
    const { text } = await write(BARE, [user("one "), user(" two"), assistant(""), user("\tünïcode 🌊 日本")]);
    assert.equal(text, "user=one \nuser= two\nassistant=\nuser=\tünïcode 🌊 日本\nassistant=");
  });

  it("continues a last turn of the assistant, and begins no answer where none is wanted", async () => {
    assert.equal((await write(BARE, [user("one"), assistant("Well, ")])).text, "user=one\nassistant=Well, ");
    assert.equal((await write(null, [user("one"), assistant("Well,")])).text, "<|user|>one</s><|assistant|>Well,");
    assert.equal((await write(BARE, [user("one")], { addGenerationPrompt: false })).text, "user=one\n");
    const twice = write(BARE, [user("one"), assistant("a"), assistant("b")]);
    await assert.rejects(twice, refused(/two turns of the assistant stand at the end/, "messages"));
  });

  it("gives the template its variables, and refuses those that it does not use", async () => {
    const source = `${BARE}{{ mood | default('calm') }}`;
    assert.match((await write(source, [user("a")], { kwargs: { mood: "glad" } })).text, /assistant=glad$/);
    await assert.rejects(write(BARE, [user("a")], { kwargs: { mood: "glad" } }), refused(/does not use mood/, "templateKwargs.mood"));
    await assert.rejects(write(BARE, [user("a")], { kwargs: { messages: [] } }), refused(/given anyway/, "templateKwargs.messages"));
    await assert.rejects(write(BARE, [user("a")], { reasoningEffort: "low" }), refused(/does not use reasoning_effort/, "reasoningEffort"));
    const effort = `{% if reasoning_effort is defined %}effort {{ reasoning_effort }}\n{% endif %}${BARE}`;
    assert.match((await write(effort, [user("a")], { reasoningEffort: "low" })).text, /^effort low\n/);
  });

  it("switches reasoning where the template can, and says where it cannot", async () => {
    assert.doesNotMatch((await write(THINKING, [user("a")])).text, /<think>/);
    for (const off of [{ thinking: false }, { reasoningEffort: "none" }, { kwargs: { enable_thinking: false } }])
      assert.match((await write(THINKING, [user("a")], off)).text, /<\|assistant\|><think>\n\n<\/think>\n\n$/);
    await assert.rejects(write(BARE, [user("a")], { thinking: true }), refused(/has no part for reasoning/, "thinking"));
    assert.equal((await write(BARE, [user("a")], { thinking: false })).text, "user=a\nassistant=", "nothing to switch off");
    const both = write(THINKING, [user("a")], { thinking: true, kwargs: { enable_thinking: false } });
    await assert.rejects(both, refused(/asked for and switched off/, "thinking"));
  });

  it("passes tools to the template", async () => {
    const source = `{% if tools %}{% for t in tools %}tool {{ t.function.name }}\n{% endfor %}{% endif %}${BARE}`;
    const tools = [
      { type: "function" as const, function: { name: "look", description: "looks", parameters: { type: "object", properties: {} } } },
    ];
    assert.equal((await write(source, [user("a")], { tools })).text, "tool look\nuser=a\nassistant=");
  });

  it("takes the second renderer for what llama.cpp's cannot read, and neither for what is broken", async () => {
    const parsed = await write(`{{ 7 // 2 }}${BARE}`, [user("a"), assistant("so")]);
    assert.deepEqual([parsed.text, parsed.renderer, parsed.generationPrompt], ["3user=a\nassistant=so", "jinja", "assistant=so"]);
    const written = await write("{{ messages[0].content | replace('l', 'L', 1) }}", [user("hello")]);
    assert.deepEqual([written.text, written.renderer], ["heLlo", "jinja"]);
    await assert.rejects(write("{% for m in messages %}{{ m.content }}", [user("a")]), refused(/cannot be read/, "source"));
    const words = "{{ raise_exception('only one turn, please') if messages | length > 1 }}{{ messages[0].content }}";
    await assert.rejects(write(words, [user("a"), assistant("b"), user("c")]), refused(/only one turn, please/, "messages"));
  });

  it("keeps the template that works when another one is refused", async () => {
    await write(BARE, [user("a")]);
    await assert.rejects(engine.request("template", { source: "{% endfor %}" }));
    assert.equal((await engine.request("render", { messages: [user("a")], options: PLAIN_RENDER })).text, "user=a\nassistant=");
  });

  it("answers from the very prompt that it shows", async () => {
    const shown = await write(BARE, [user("hello")]);
    const options = { sampling: { temperature: 0, maxTokens: 6 } };
    const chat = await engine.generate({ messages: [user("hello")], ...options });
    const raw = await engine.generate({ tokens: shown.tokens, ...options });
    assert.equal(chat.stats.promptTokens, shown.tokens.length);
    assert.deepEqual(
      chat.tokens.map(({ id }) => id),
      raw.tokens.map(({ id }) => id),
    );
  });
});
