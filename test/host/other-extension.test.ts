/** What another extension gets in a real VS Code: the typed API, and steered models by the editor's own language-model API. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { useWorkbench, type Window } from "../support/workbench.ts";

const MANIFEST = {
  name: "other",
  publisher: "test",
  version: "1.0.0",
  engines: { vscode: "^1.104.0" },
  main: "./main.cjs",
  extensionDependencies: ["tiller.tiller"],
  activationEvents: ["onCommand:other.api", "onCommand:other.models"],
  contributes: {
    commands: [
      { command: "other.api", title: "Other: Ask by the API" },
      { command: "other.models", title: "Other: Ask by a Model" },
    ],
  },
};

/** Each command writes what it got into a file. */
const MAIN = `
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const vscode = require("vscode");
const question = "How are you today?";
const works = {
  async api() {
    const api = await vscode.extensions.getExtension("tiller.tiller").activate();
    const models = (await api.models()).map(({ id }) => id);
    const presets = (await api.presets()).map(({ id }) => id);
    const heard = [];
    const request = { messages: [{ role: "user", content: question }], steering: { preset: "joyful" }, sampling: { seed: 5, maxTokens: 12 } };
    const { text, steered } = await api.answer(request, { onToken: (token) => heard.push(token.text) });
    return { version: api.version, models, presets, text, heard: heard.join(""), steered: steered.summary };
  },
  async models() {
    const all = await vscode.lm.selectChatModels({ vendor: "tiller" });
    const model = all.find(({ id }) => id.endsWith("/joyful"));
    const count = await model.countTokens(question);
    const { text } = await model.sendRequest([vscode.LanguageModelChatMessage.User(question)]);
    let said = "";
    for await (const part of text) said += part;
    return { ids: all.map(({ id }) => id), count, said };
  },
};
exports.activate = ({ subscriptions }) => {
  for (const [name, work] of Object.entries(works))
    subscriptions.push(vscode.commands.registerCommand("other." + name, async () => {
      const result = await work().catch((error) => ({ error: String(error && error.stack || error) }));
      writeFileSync(join(__dirname, name + ".json"), JSON.stringify(result));
    }));
};
`;

describe("VS Code: another extension", () => {
  const bench = useWorkbench();

  const other = (): string => join(bench.code.folder, "extensions", "test.other-1.0.0");
  /** A window of an editor that has it installed. */
  const open = (): Promise<Window> => {
    if (!existsSync(other())) install();
    return bench.open();
  };
  const install = (): void => {
    mkdirSync(other());
    writeFileSync(join(other(), "package.json"), JSON.stringify(MANIFEST));
    writeFileSync(join(other(), "main.cjs"), MAIN);
    const file = join(bench.code.folder, "extensions", "extensions.json");
    const location = { $mid: 1, path: other(), scheme: "file" };
    const entry = { identifier: { id: "test.other" }, version: "1.0.0", location, relativeLocation: "test.other-1.0.0", metadata: {} };
    writeFileSync(file, JSON.stringify([...(JSON.parse(readFileSync(file, "utf8")) as object[]), entry]));
  };
  const result = async (name: string): Promise<Record<string, never>> => {
    const file = join(other(), `${name}.json`);
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 100));
    return JSON.parse(readFileSync(file, "utf8"));
  };

  it("asks for a steered answer by the typed API, and hears it token by token", async () => {
    const window = await open();
    await window.run("Other: Ask by the API");
    const told: Record<string, unknown> = await result("api");
    assert.equal(told["error"], undefined);
    assert.equal(told["version"], 1);
    assert.ok((told["presets"] as string[]).includes("joyful"));
    assert.match(String(told["steered"]), /^steered: joy/);
    assert.equal(told["heard"], told["text"]);
  });

  it("finds a model for each preset, and is answered by one", async () => {
    const window = await open();
    await window.run("Other: Ask by a Model");
    // the editor asks once whether this extension may
    const allow = window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Allow" });
    void allow.click().catch(() => undefined);
    const told: Record<string, unknown> = await result("models");
    assert.equal(told["error"], undefined);
    assert.ok((told["ids"] as string[]).some((id) => id.endsWith("/joyful")));
    assert.ok(Number(told["count"]) > 3);
    assert.ok(String(told["said"]).length > 0);
  });
});
