/** Asks one question under two presets with one seed, and writes what differs into a document that can be kept and reviewed. */
import { ProgressLocation, window, workspace } from "vscode";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import { comparedMarkdown } from "../compare/markdown.ts";
import { neuronChanges } from "../compare/neurons.ts";
import type { Command } from "./command.ts";
import { pickPreset } from "./pick-preset.ts";

const SEED = 7;
const MOST_TOKENS = 256;

export const comparePresets: Command = {
  id: "tiller.comparePresets",
  async run(tiller, argument) {
    const usable = ({ preset }: PresetEntry): boolean => preset !== null;
    const left = await pickPreset(tiller, argument, usable);
    const right = left === null ? null : await pickPreset(tiller, undefined, (entry) => usable(entry) && entry.id !== left.id);
    if (left === null || right === null) return;
    const question = await window.showInputBox({
      title: "Compare two presets",
      prompt: "What both are asked, with the same seed",
      value: "How are you today?",
    });
    if (question === undefined || question.trim() === "") return;
    const client = await tiller.keeper.revive();
    const options = { location: ProgressLocation.Notification, title: "Tiller: comparing", cancellable: true };
    const text = await window.withProgress(options, async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const messages = [{ role: "user" as const, content: question }];
      const sampling = { seed: SEED, maxTokens: MOST_TOKENS };
      const ask = ({ id }: PresetEntry) => client.chat({ messages, sampling, steering: { preset: id } }, { signal: abort.signal }).result;
      const [a, b] = await Promise.all([ask(left), ask(right)]);
      if (abort.signal.aborted) return null;
      const { tokens } = await client.call("model.render", { model: a.model, messages });
      const neurons = await neuronChanges(client, a.model, tokens, { preset: left.id }, { preset: right.id });
      const side = (entry: PresetEntry, answer: typeof a) => ({ name: entry.preset!.name, answer });
      return comparedMarkdown({ question, model: a.model, seed: SEED, left: side(left, a), right: side(right, b), neurons });
    });
    if (text !== null) await window.showTextDocument(await workspace.openTextDocument({ language: "markdown", content: text }));
  },
};
