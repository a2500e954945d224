/**
 * Steered models for other extensions: one entry for each model that is at hand, plain and under each preset that fits it. Nothing is
 * started for a list that nobody asked to see.
 */
import {
  type CancellationToken,
  Disposable,
  EventEmitter,
  type LanguageModelChatInformation,
  type LanguageModelChatProvider,
  type LanguageModelChatRequestMessage,
  LanguageModelChatToolMode,
  type LanguageModelResponsePart,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  lm,
  type PrepareLanguageModelChatModelOptions,
  type Progress,
  type ProvideLanguageModelChatResponseOptions,
} from "vscode";
import type { TillerClient } from "../../daemon/client/client.ts";
import type { PresetEntry } from "../../daemon/protocol/api/library.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import type { Keeper } from "../daemon/keeper.ts";
import type { Lists } from "../trees/lists.ts";
import { wholeCalls } from "./calls.ts";
import { messagesOf, toolsOf } from "./messages.ts";
import { samplingOf } from "./options.ts";

/** As package.json names it. */
const VENDOR = "tiller";
/** What a daemon gives an answer by itself. */
const ANSWER_TOKENS = 2048;
/** One call and no more: small models that must call go on calling until their limit. */
const MUST_CALL = { toolChoice: "required", parallelToolCalls: false } as const;

interface Entry extends LanguageModelChatInformation {
  readonly model: string;
  /** null: unsteered */
  readonly preset: string | null;
}

export function offerModels(keeper: Keeper, lists: Lists): Disposable {
  // an editor that is older, or made without it
  if (typeof lm?.registerLanguageModelChatProvider !== "function") return new Disposable(() => undefined);
  const provider = new SteeredModels(keeper);
  keeper.onHealth(() => provider.changed());
  lists.onChange(() => provider.changed());
  return Disposable.from(provider, lm.registerLanguageModelChatProvider(VENDOR, provider));
}

class SteeredModels implements LanguageModelChatProvider<Entry> {
  readonly #keeper: Keeper;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  changed(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async provideLanguageModelChatInformation({ silent }: PrepareLanguageModelChatModelOptions): Promise<Entry[]> {
    if (silent && this.#keeper.health !== "running") return [];
    return entriesOf(await this.#keeper.revive());
  }

  async provideLanguageModelChatResponse(
    { model, preset }: Entry,
    messages: readonly LanguageModelChatRequestMessage[],
    { tools, toolMode, modelOptions }: ProvideLanguageModelChatResponseOptions,
    progress: Progress<LanguageModelResponsePart>,
    token: CancellationToken,
  ): Promise<void> {
    const client = await this.#keeper.revive();
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const offered = toolsOf(tools);
    const { toolCalls = [] } = await client.chat(
      {
        model,
        messages: messagesOf(messages),
        ...samplingOf(modelOptions),
        ...(preset === null ? {} : { steering: { preset } }),
        ...(offered.length === 0 ? {} : { tools: offered, ...(toolMode === LanguageModelChatToolMode.Required ? MUST_CALL : {}) }),
      },
      { signal: abort.signal, onToken: ({ text }) => text !== "" && progress.report(new LanguageModelTextPart(text)) },
    ).result;
    for (const { id, name, input } of wholeCalls(toolCalls)) progress.report(new LanguageModelToolCallPart(id, name, input));
  }

  async provideTokenCount({ model }: Entry, text: string | LanguageModelChatRequestMessage): Promise<number> {
    const said =
      typeof text === "string"
        ? text
        : messagesOf([text])
            .map(({ content }) => content)
            .join("");
    return (await this.#keeper.client().call("model.tokenize", { model, text: said })).tokens.length;
  }
}

async function entriesOf(client: TillerClient): Promise<Entry[]> {
  const { models } = await client.call("model.list", {});
  const defaultModel = client.hello?.defaultModel;
  const atHand = models.filter(({ id, state }) => state === "loaded" || id === defaultModel);
  const all = await Promise.all(
    atHand.map(async (model) => {
      const { presets } = await client.call("preset.list", { model: model.id });
      return [entryOf(model, null), ...presets.filter(({ problem }) => problem === null).map((preset) => entryOf(model, preset))];
    }),
  );
  return all.flat();
}

function entryOf({ id, name, quantisation, architecture, contextTrained, hasChatTemplate }: Model, preset: PresetEntry | null): Entry {
  const steered = preset === null ? "not steered" : `steered by ${preset.preset?.name ?? preset.id}`;
  return {
    id: preset === null ? id : `${id}/${preset.id}`,
    name: preset === null ? name : `${name}, ${preset.preset?.name ?? preset.id}`,
    family: architecture,
    version: quantisation,
    detail: steered,
    tooltip: preset?.preset?.description ?? `${name}, ${steered}`,
    maxInputTokens: Math.max(256, Math.min(contextTrained, 8192) - 256),
    maxOutputTokens: Math.min(contextTrained, ANSWER_TOKENS),
    capabilities: { toolCalling: hasChatTemplate },
    model: id,
    preset: preset?.id ?? null,
  };
}
