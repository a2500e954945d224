/**
 * What other extensions get from `vscode.extensions.getExtension("tiller.tiller").activate()`. Stays as it is within a version. It is
 * also the way to steered models where the editor's own language-model API asks for a login.
 */
import type { Answer, Token } from "../daemon/protocol/api/generate.ts";
import type { ParamsIn } from "../daemon/protocol/api/index.ts";
import type { PresetEntry } from "../daemon/protocol/api/library.ts";
import type { Model } from "../daemon/protocol/api/model.ts";
import type { Keeper } from "./daemon/keeper.ts";

export interface TillerApi {
  readonly version: 1;
  /** Each call finds the user's daemon, or starts it. @throws an error with `code` and `detail.suggestion` */
  models(): Promise<readonly Model[]>;
  presets(): Promise<readonly PresetEntry[]>;
  /** An answer, steered or not; `onToken` hears each token as it is written. */
  answer(request: Omit<ParamsIn<"generate.chat">, "stream">, options?: AnswerOptions): Promise<Answer>;
}

export interface AnswerOptions {
  readonly signal?: AbortSignal;
  onToken?(token: Token): void;
}

export function apiOf(keeper: Keeper): TillerApi {
  return {
    version: 1,
    models: async () => (await (await keeper.revive()).call("model.list", {})).models,
    presets: async () => (await (await keeper.revive()).call("preset.list", {})).presets,
    answer: async (request, options = {}) => (await keeper.revive()).chat(request, options).result,
  };
}
