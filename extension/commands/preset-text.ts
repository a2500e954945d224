/** The preset of an editor's text, as it stands there, saved or not: into the chat, or beside the model without it. */
import { Uri, window, workspace } from "vscode";
import { ClientError } from "../../daemon/client/error.ts";
import { describeProblems, parsePreset } from "../../daemon/compiler/parse.ts";
import type { Preset } from "../../daemon/protocol/preset.ts";
import { PRESET_LANGUAGE } from "../language/client.ts";
import type { Command } from "./command.ts";

export const applyText: Command = {
  id: "tiller.applyText",
  async run({ chat }, argument) {
    await chat.order({ do: "rack", preset: await presetOf(argument), view: "chat" });
  },
};

export const compareText: Command = {
  id: "tiller.compareText",
  async run({ chat }, argument) {
    await chat.order({ do: "rack", preset: await presetOf(argument), view: "compare" });
  },
};

/** Of the text that a lens names, else of the one in front. @throws ClientError bad-preset */
async function presetOf(argument: unknown): Promise<Preset> {
  const uri = (argument as { uri?: unknown } | undefined)?.uri;
  const document = typeof uri === "string" ? await workspace.openTextDocument(Uri.parse(uri, true)) : window.activeTextEditor?.document;
  if (document?.languageId !== PRESET_LANGUAGE) throw new ClientError("bad-preset", "this is no preset; open one (*.steer.yaml) first");
  const parsed = parsePreset(document.getText());
  if ("preset" in parsed) return parsed.preset;
  throw new ClientError("bad-preset", `the preset has a mistake: ${describeProblems(parsed.problems.slice(0, 1))}`);
}
