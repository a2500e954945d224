/** Loads a model: one that the store has, one by its address, or a file of this machine. */
import { ProgressLocation, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import type { TillerClient } from "../../daemon/client/client.ts";
import type { Model } from "../../daemon/protocol/api/model.ts";
import { ModelStore } from "../../daemon/store/models.ts";
import type { Tiller } from "../context.ts";
import type { Command } from "./command.ts";

interface Choice extends QuickPickItem {
  readonly take?: (tiller: Tiller, client: TillerClient) => Promise<string | null>;
}

export const loadModel: Command = {
  id: "tiller.loadModel",
  async run(tiller) {
    const client = await tiller.keeper.revive();
    const { models } = await client.call("model.list", {});
    const choices: Choice[] = [
      ...models.filter(({ state }) => state !== "missing").map(known),
      { label: "", kind: QuickPickItemKind.Separator },
      { label: "$(file) A GGUF file …", description: "stays where it is", take: fromFile },
      { label: "$(cloud-download) Download by address …", description: "hf: or https", take: fromAddress },
    ];
    const choice = await window.showQuickPick(choices, { placeHolder: "Model" });
    const model = (await choice?.take?.(tiller, client)) ?? null;
    if (model === null) return;
    await window.withProgress({ location: ProgressLocation.Window, title: `Tiller: loading ${model}` }, () =>
      client.call("model.load", { model }),
    );
    tiller.chat.tell({ do: "refresh" });
    await tiller.chat.order({ do: "model", id: model });
  },
};

function known({ id, name, state, quantisation, sizeBytes }: Model): Choice {
  return {
    label: name,
    description: state === "loaded" ? "loaded" : `${quantisation}, ${Math.round(sizeBytes / 1e6)} MB`,
    take: async () => id,
  };
}

/** The file is entered in the user's registry, as the command line does: only ids go over the wire. */
async function fromFile({ paths }: Tiller): Promise<string | null> {
  const files = await window.showOpenDialog({ canSelectMany: false, filters: { "GGUF models": ["gguf"] }, openLabel: "Load" });
  const file = files?.[0];
  return file === undefined ? null : (await new ModelStore(paths).add(file.fsPath)).id;
}

async function fromAddress(_tiller: Tiller, client: TillerClient): Promise<string | null> {
  const uri = await window.showInputBox({
    title: "Download a model",
    placeHolder: "hf:owner/repository/file.gguf",
    prompt: "hf: or https address of a GGUF file",
  });
  if (uri === undefined || uri.trim() === "") return null;
  const options = { location: ProgressLocation.Notification, title: "Tiller: downloading", cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    const end = client.on("model.progress", ({ phase, fraction }) => {
      if (phase !== "download") return;
      progress.report({ increment: (fraction - shown) * 100, message: `${Math.round(fraction * 100)} %` });
      shown = fraction;
    });
    try {
      return (await client.call("model.download", { uri: uri.trim() }, { signal: abort.signal })).id;
    } finally {
      end();
    }
  });
}
