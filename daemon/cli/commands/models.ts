/** `tiller models …`: those that there are, loading and unloading, adding and forgetting. */
import type { Command } from "commander";
import { FLASH_ATTENTION, KV_TYPES, type LoadOptions, type MemoryEstimate, type Model } from "../../protocol/api/model.ts";
import { TEMPLATE_LIMIT } from "../../protocol/api/render.ts";
import { action, command } from "../action.ts";
import { integer, oneOf } from "../arguments/arguments.ts";
import { addFile, download, resolveModel } from "../arguments/model-argument.ts";
import { readInput } from "../arguments/stdin.ts";
import { bytes, table } from "../output/output.ts";

interface LoadFlags {
  readonly gpuLayers?: number;
  readonly context?: number;
  readonly sequences?: number;
  readonly kvType?: LoadOptions["kvType"];
  readonly flashAttention?: LoadOptions["flashAttention"];
  readonly exact?: boolean;
  readonly threads?: number;
}

export function addModels(program: Command): void {
  const models = command(program, "models", "models: list, add, download, load, unload, estimate, remove");
  command(models, "list", "every model that is known (the default)", { isDefault: true }).action(
    action(async (session) => {
      const client = await session.daemon();
      await session.output.result((await client.call("model.list", {})).models, describe);
    }),
  );
  command(models, "add <file>", "make a GGUF file known; it stays where it is").action(
    action(async (session, [file]) => {
      const id = await addFile(file!, session.paths);
      await session.output.result({ id }, () => `${file} is known as ${id}.`);
    }),
  );
  command(models, "download <uri>", "fetch a GGUF file, such as hf:user/repository/file.gguf").action(
    action(async (session, [uri]) => {
      const id = await download(uri!, session, await session.daemon());
      await session.output.result({ id }, () => `Downloaded as ${id}.`);
    }),
  );
  loadFlags(command(models, "load <model>", "load a model into memory")).action(
    action<LoadFlags>(async (session, [model], flags) => {
      const client = await session.daemon();
      const id = await resolveModel(model!, session, client);
      const end = client.on("model.progress", (event) =>
        session.output.progress(event.fraction, `loading ${event.model}: ${Math.round(event.fraction * 100)} %`),
      );
      const loaded = await client.call("model.load", { model: id, options: loadOptions(flags) }).finally(() => {
        end();
        session.output.endProgress();
      });
      await session.output.result(loaded, () => `${id} is loaded.`);
    }),
  );
  loadFlags(command(models, "estimate <model>", "the memory that loading would take")).action(
    action<LoadFlags>(async (session, [model], flags) => {
      const client = await session.daemon();
      const id = await resolveModel(model!, session, client);
      const estimate = await client.call("model.estimate", { model: id, options: loadOptions(flags) });
      await session.output.result(estimate, (value) =>
        table([
          ["weights", bytes(value.weightsBytes), "the file's tensors"],
          ["context", bytes(value.kvFirstBytes), contextText(value)],
          ["computing", bytes(value.computeBytes), "one step of 512 rows at its widest"],
          ["steering", bytes(value.steeringBytes), "a full rack of edits in every profile"],
          ["together", bytes(value.totalBytes), `of ${bytes(value.availableBytes)} free${value.fits ? "" : ": it does not fit"}`],
        ]),
      );
    }),
  );
  command(
    models,
    "template <model> [file]",
    "write its conversations by a chat template (Jinja) of your own; without a file, by its own again",
  ).action(
    action(async (session, [model, file]) => {
      const client = await session.daemon();
      const id = await resolveModel(model!, session, client);
      const source = file === undefined ? null : readInput(file, "file", TEMPLATE_LIMIT).toString("utf8");
      const facts = await client.call("model.template", { model: id, source });
      await session.output.result(facts, ({ origin, problem }) => {
        const whose = { user: "your template", model: "its own template", plain: "plain paragraphs: it has no template" }[origin];
        return `Conversations with ${id} are written by ${whose}.${problem === null ? "" : ` llama.cpp cannot read it: ${problem}`}`;
      });
    }),
  );
  command(models, "unload <id>", "end a model's engine").action(
    action(async (session, [id]) => {
      const client = await session.daemon();
      await session.output.result(await client.call("model.unload", { model: id! }), () => `${id} is unloaded.`);
    }),
  );
  command(models, "remove <id>", "forget a model; only a downloaded file is deleted").action(
    action(async (session, [id]) => {
      const client = await session.daemon();
      await session.output.result(await client.call("model.remove", { model: id! }), () => `${id} is forgotten.`);
    }),
  );
}

function loadFlags(load: Command): Command {
  return load
    .option("--gpu-layers <n>", "layers on the GPU; default: as many as fit", integer("--gpu-layers", 0, 1024))
    .option(
      "--context <n>",
      "tokens per answer; default: what the model was trained with, at most 8192",
      integer("--context", 0, 1_048_576),
    )
    .option("--sequences <n>", "answers at once", integer("--sequences", 1, 64))
    .option("--kv-type <type>", `precision of the context: ${KV_TYPES.join(", ")}; default: auto`, oneOf("--kv-type", KV_TYPES))
    .option(
      "--flash-attention <when>",
      `${FLASH_ATTENTION.join(", ")}; default: auto, on unless the model is F32 throughout`,
      oneOf("--flash-attention", FLASH_ATTENTION),
    )
    .option("--exact", "each answer by itself: equal to the last bit whatever runs beside it, but one after the other")
    .option("--threads <n>", "processor threads; default: one for each core", integer("--threads", 0, 512));
}

function loadOptions({ gpuLayers, context, sequences, kvType, flashAttention, exact, threads }: LoadFlags) {
  return {
    ...(gpuLayers === undefined ? {} : { gpuLayers }),
    ...(context === undefined ? {} : { contextSize: context }),
    ...(sequences === undefined ? {} : { sequences }),
    ...(kvType === undefined ? {} : { kvType }),
    ...(flashAttention === undefined ? {} : { flashAttention }),
    ...(exact === undefined ? {} : { exact }),
    ...(threads === undefined ? {} : { threads }),
  };
}

function contextText({ kvBytes, kvFirstBytes, kvTokenBytes, contextSize, sequences, fullWindow }: MemoryEstimate): string {
  const each = `${contextSize} tokens at ${bytes(kvTokenBytes)}`;
  const all = `${sequences} answers of ${each}`;
  const window = fullWindow ? "" : "; layers with a sliding window keep the window alone";
  return kvFirstBytes === kvBytes ? `${all}${window}` : `one answer of ${each}; as it is used up to ${bytes(kvBytes)}, for ${all}${window}`;
}

function describe(models: readonly Model[]): string {
  if (models.length === 0) return "No models yet. `tiller models add FILE` makes a GGUF file known.";
  const rows = models.map((model) => [
    model.id,
    model.architecture,
    model.quantisation,
    bytes(model.sizeBytes),
    model.reason === null ? model.state : `${model.state}: ${model.reason}`,
  ]);
  return table(rows, ["id", "architecture", "quantisation", "size", "state"]);
}
