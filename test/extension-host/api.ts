/** What other extensions get of Tiller, asked for as one of them asks: by the editor's language-model API, and by `exports`. */
import assert from "node:assert/strict";
import {
  commands,
  extensions,
  type LanguageModelChat,
  LanguageModelChatMessage,
  type LanguageModelChatRequestOptions,
  LanguageModelChatToolMode,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  lm,
} from "vscode";
import type { TillerApi } from "../../extension/api.ts";

const QUESTION = "How was your day?";
/** Greedy, so that one answer can be held against another. */
const GREEDY = { temperature: 0, seed: 1, max_tokens: 24 };

async function exported(): Promise<TillerApi> {
  const found = extensions.getExtension<TillerApi>("tiller.tiller");
  assert.ok(found, "the extension is installed");
  return found.activate();
}

/** The entry of a preset, or the plain model's. The editor lists the models of a provider when it comes to it. */
async function entry(preset: string | null): Promise<LanguageModelChat> {
  for (;;) {
    const models = await lm.selectChatModels({ vendor: "tiller" });
    const found = models.find(({ id }) => (preset === null ? !id.includes("/") : id.endsWith(`/${preset}`)));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function said(model: LanguageModelChat, options: LanguageModelChatRequestOptions = { modelOptions: GREEDY }): Promise<string> {
  const { text } = await model.sendRequest([LanguageModelChatMessage.User(QUESTION)], options);
  let all = "";
  for await (const part of text) all += part;
  return all;
}

describe("exports", () => {
  it("answers steered and plain, token by token, and says what steered", async () => {
    const api = await exported();
    assert.equal(api.version, 1);
    const presets = await api.presets();
    assert.ok(presets.some(({ id }) => id === "joyful"));
    const messages = [{ role: "user" as const, content: QUESTION }];
    const sampling = { temperature: 0, seed: 1, maxTokens: 24 };
    let streamed = "";
    const plain = await api.answer({ messages, sampling }, { onToken: ({ text }) => (streamed += text) });
    assert.equal(streamed, plain.text);
    const joyful = await api.answer({ messages, sampling, steering: { preset: "joyful" } });
    assert.equal(plain.steered.steered, false);
    assert.equal(joyful.steered.steered, true);
    assert.notEqual(joyful.text, plain.text);
    const models = await api.models();
    assert.ok(models.some(({ state }) => state === "loaded"));
  });

  it("refuses what cannot be steered with a code and a way out", async () => {
    const api = await exported();
    const messages = [{ role: "user" as const, content: QUESTION }];
    await assert.rejects(api.answer({ messages, steering: { preset: "no-such-preset" } }), (error: Error & { code?: unknown }) => {
      assert.match(error.message, /no-such-preset/);
      assert.notEqual(error.code, undefined);
      return true;
    });
  });
});

describe("the editor's language-model API", () => {
  it("has an entry for the plain model and one for each preset, and each answers as the daemon does", async () => {
    const api = await exported();
    const messages = [{ role: "user" as const, content: QUESTION }];
    const sampling = { temperature: 0, seed: 1, maxTokens: 24 };
    const [plain, joyful] = [await entry(null), await entry("joyful")];
    assert.equal(await said(plain), (await api.answer({ messages, sampling })).text);
    assert.equal(await said(joyful), (await api.answer({ messages, sampling, steering: { preset: "joyful" } })).text);
  });

  it("counts tokens as the model does", async () => {
    const model = await entry(null);
    const short = await model.countTokens("a");
    assert.ok(short >= 1);
    assert.ok((await model.countTokens("a day, and another day")) > short);
  });

  it("calls a tool where it must", async () => {
    const model = await entry(null);
    const { stream } = await model.sendRequest([LanguageModelChatMessage.User("What is the weather in Paris?")], {
      tools: [
        {
          name: "weather",
          description: "The weather in a town",
          inputSchema: {
            type: "object",
            properties: { town: { enum: ["Paris", "Rome"] } },
            required: ["town"],
            additionalProperties: false,
          },
        },
      ],
      toolMode: LanguageModelChatToolMode.Required,
      modelOptions: { temperature: 0, seed: 1 },
    });
    const calls: LanguageModelToolCallPart[] = [];
    for await (const part of stream) {
      if (part instanceof LanguageModelToolCallPart) calls.push(part);
      else assert.ok(part instanceof LanguageModelTextPart);
    }
    assert.deepEqual(
      calls.map(({ name }) => name),
      ["weather"],
    );
    assert.ok(["Paris", "Rome"].includes((calls[0]!.input as { town: string }).town));
  });

  it("refuses an option that would have no effect, by name", async () => {
    const model = await entry(null);
    await assert.rejects(said(model, { modelOptions: { presence: 1 } }), /presence/);
  });
});

describe("commands", () => {
  it("are all there once the extension is active", async () => {
    await exported();
    const here = new Set(await commands.getCommands(true));
    const { contributes } = extensions.getExtension("tiller.tiller")!.packageJSON as { contributes: { commands: { command: string }[] } };
    const missing = contributes.commands.map(({ command }) => command).filter((command) => !here.has(command));
    assert.deepEqual(missing, []);
  });
});
