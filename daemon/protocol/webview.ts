/**
 * What an editor's extension and the page inside its webview say to each other: posted messages, each a plain object with its
 * `kind`. The extension checks what the page sends by these schemas; of the other direction the page knows the types.
 */
import * as z from "zod";
import { METHODS } from "./api/index.ts";
import type { ErrorData } from "./errors.ts";
import { ControlNameSchema, type Preset, PresetSchema } from "./preset.ts";

/** Names what the page keeps; a part of a file's name on the other side. */
export const KeptKeySchema = z.string().regex(/^tiller\.[A-Za-z0-9._-]{1,120}$/);
const id = z.number().int().min(1);

/** What the editor shows of the page outside of it. */
export const ShownSchema = z
  .object({
    model: z.string().max(200).nullable(),
    /** null: sliders of no preset, or none */
    preset: z.string().max(200).nullable(),
    /** names of the sliders that steer the next answer */
    steeredBy: z.array(ControlNameSchema).max(1000),
    answering: z.boolean(),
  })
  .strict();
export type Shown = z.infer<typeof ShownSchema>;

export const PageMessageSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ready") }).strict(),
  z.object({ kind: z.literal("keep"), key: KeptKeySchema, text: z.string().nullable() }).strict(),
  z.object({ kind: z.literal("copy"), id, text: z.string() }).strict(),
  z.object({ kind: z.literal("save"), name: z.string().min(1).max(200), text: z.string(), encoding: z.enum(["utf8", "base64"]) }).strict(),
  z.object({ kind: z.literal("link"), url: z.string().max(2000) }).strict(),
  z.object({ kind: z.literal("revive") }).strict(),
  z.object({ kind: z.literal("reload") }).strict(),
  z.object({ kind: z.literal("open"), socket: id }).strict(),
  z.object({ kind: z.literal("send"), socket: id, text: z.string() }).strict(),
  z.object({ kind: z.literal("close"), socket: id }).strict(),
  z.object({ kind: z.literal("shown"), shown: ShownSchema }).strict(),
  z.object({ kind: z.literal("rack"), id, preset: PresetSchema.nullable() }).strict(),
]);
export type PageMessage = z.infer<typeof PageMessageSchema>;

/** One call or cancellation of the page, as it travels to the daemon, which checks its parameters. */
export const PageCallSchema = z
  .object({
    jsonrpc: z.literal("2.0"),
    id: z.union([z.number(), z.string()]).optional(),
    method: z.string().refine((name) => name === "$/cancelRequest" || Object.hasOwn(METHODS, name), "is no call of the daemon's"),
    params: z.unknown(),
  })
  .strict();

/** What a command of the editor asks of the page. */
export type PageOrder =
  | { readonly do: "new-chat" }
  | { readonly do: "preset"; readonly id: string }
  /** a preset that the store does not have */
  | { readonly do: "rack"; readonly preset: Preset; readonly view: "chat" | "compare" }
  | { readonly do: "model"; readonly id: string }
  /** the report of that job */
  | { readonly do: "report"; readonly job: string }
  /** the rack is now the preset of this id */
  | { readonly do: "saved"; readonly id: string; readonly name: string }
  /** the lists of models, presets and the rest changed */
  | { readonly do: "refresh" };

/** Why another attempt to connect would end the same way. */
export interface Refusal extends Pick<ErrorData, "code" | "suggestion"> {
  readonly message: string;
}

export type EditorMessage =
  | { readonly kind: "start"; readonly kept: Readonly<Record<string, string>> }
  | { readonly kind: "copied"; readonly id: number; readonly done: boolean }
  | { readonly kind: "opened"; readonly socket: number }
  | { readonly kind: "text"; readonly socket: number; readonly text: string }
  | { readonly kind: "binary"; readonly socket: number; readonly data: ArrayBuffer }
  | { readonly kind: "closed"; readonly socket: number; readonly reason: string; readonly refusal: Refusal | null }
  /** asks for the sliders as a preset of this name */
  | { readonly kind: "rack"; readonly id: number; readonly name: string }
  | { readonly kind: "order"; readonly order: PageOrder };
