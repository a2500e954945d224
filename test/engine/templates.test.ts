/** Every chat template that llama.cpp's source brings, as its server renders it; see docs/templates.md and `npm run templates`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PLAIN_RENDER, type Rendered } from "../../daemon/protocol/engine-api.ts";
import { EngineUnderTest } from "../support/engine.ts";
import { REPOSITORY } from "../support/shared.ts";
import { bundledTemplates } from "../templates/bundle.ts";
import { CONVERSATIONS } from "../templates/conversations.ts";
import { digest, readReference } from "../templates/reference.ts";

describe("engine: chat templates of real models", () => {
  const reference = readReference();
  const made = new Map<string, Rendered | Error>();
  /** llama.cpp leaves functions out of their prompts without a word; here they are told of in plain words */
  const toolless = new Set<string>();
  before(async () => {
    const engine = await EngineUnderTest.load(join(REPOSITORY, "presets", "tiller-mini.gguf"));
    for (const path of bundledTemplates()) {
      const facts = await engine.request("template", { source: readFileSync(path, "utf8") });
      if (facts.capabilities["supports_tools"] !== true) toolless.add(basename(path, ".jinja"));
      for (const { id, messages, options } of CONVERSATIONS) {
        const request = { messages: [...messages], options: { ...PLAIN_RENDER, ...options } };
        made.set(`${basename(path, ".jinja")} ${id}`, await engine.request("render", request).catch((error: Error) => error));
      }
    }
    await engine.stop();
  });

  it("are all in the reference", () => {
    const names = bundledTemplates().map((path) => basename(path, ".jinja"));
    assert.deepEqual(Object.keys(reference).sort(), names.sort());
    assert.ok(names.length >= 70);
  });

  for (const conversation of CONVERSATIONS) {
    it(`give llama.cpp's prompt and tokens: ${conversation.id}`, () => {
      let compared = 0;
      for (const [name, conversations] of Object.entries(reference)) {
        const expected = conversations[conversation.id]!;
        const prompt = made.get(`${name} ${conversation.id}`)!;
        if (prompt instanceof Error) {
          const named = conversation.id.startsWith("thinking") && /no part for reasoning|cannot switch reasoning off/.test(prompt.message);
          assert.ok(named || "refused" in expected, `${name}: ${prompt.message}`);
          continue;
        }
        if (conversation.id === "tools" && toolless.has(name)) {
          assert.match(prompt.text, /look_up/, name);
          continue;
        }
        assert.ok(!("refused" in expected), `${name}: the server refuses it`);
        assert.deepEqual(digest(prompt.text, prompt.tokens), expected, name);
        compared++;
      }
      assert.ok(compared > (conversation.id === "tools" ? 15 : 30), `only ${compared} were compared`);
    });
  }
});
