/** Functions that a model may call, as OpenAI's bodies have them. */
import * as z from "zod";
import type { ChatParams } from "../../protocol/api/generate.ts";
import { TillerError } from "../../protocol/errors.ts";
import type { ToolCall, ToolCallDelta } from "../../protocol/tools.ts";
import { type ChatMessage, FunctionNameSchema } from "../../protocol/tools.ts";

const label = z.string().max(100_000).nullish();

export const ToolsSchema = z
  .array(
    z
      .object({
        type: z.literal("function", "must be function: there are no others here"),
        function: z
          .object({
            name: FunctionNameSchema,
            description: label,
            parameters: z.record(z.string(), z.unknown()).nullish().describe("JSON Schema of its arguments, which the calls follow"),
            strict: z.boolean().nullish(),
          })
          .strict(),
      })
      .strict(),
  )
  .max(128);

export const ToolChoiceSchema = z.union(
  [
    z.enum(["none", "auto", "required"]),
    z.object({ type: z.literal("function"), function: z.object({ name: FunctionNameSchema }).strict() }).strict(),
  ],
  'must be none, auto, required, or {"type": "function", "function": {"name": …}}',
);

/** An assistant's turn as an answer had it. */
export const CallsSchema = z
  .array(
    z
      .object({
        id: z.string().max(200),
        type: z.literal("function").nullish(),
        function: z.object({ name: z.string().max(200), arguments: z.string().max(4_000_000) }).strict(),
        index: z.number().nullish(),
      })
      .strict(),
  )
  .max(128);

type Tools = z.infer<typeof ToolsSchema> | null | undefined;
type Choice = z.infer<typeof ToolChoiceSchema> | null | undefined;

/** A function that is named is the only one, and must be called. */
export function toolParams(
  tools: Tools,
  choice: Choice,
  parallel: boolean | null | undefined,
): Pick<ChatParams, "tools" | "toolChoice" | "parallelToolCalls"> {
  if (tools == null || tools.length === 0) {
    if (choice != null && choice !== "none" && choice !== "auto")
      throw new TillerError("invalid-params", "tool_choice: there are no tools to choose from", { field: "tool_choice" });
    return {};
  }
  const named = typeof choice === "object" && choice !== null ? choice.function.name : null;
  const offered = named === null ? tools : tools.filter((tool) => tool.function.name === named);
  if (offered.length === 0) throw new TillerError("invalid-params", `tool_choice: there is no tool '${named}'`, { field: "tool_choice" });
  return {
    tools: offered.map(({ function: { name, description, parameters } }) => ({
      type: "function",
      function: { name, ...(description == null ? {} : { description }), ...(parameters == null ? {} : { parameters }) },
    })),
    toolChoice: named !== null ? "required" : ((choice as "none" | "auto" | "required" | null | undefined) ?? "auto"),
    ...(parallel == null ? {} : { parallelToolCalls: parallel }),
  };
}

export function callsOf(calls: z.infer<typeof CallsSchema> | null | undefined): Pick<ChatMessage, "toolCalls"> {
  if (calls == null || calls.length === 0) return {};
  return { toolCalls: calls.map(({ id, function: { name, arguments: json } }) => ({ id, name, arguments: json })) };
}

export function toolCallsField(calls: readonly ToolCall[] | undefined): object {
  if (calls === undefined) return {};
  return { tool_calls: calls.map(({ id, name, arguments: json }) => ({ id, type: "function", function: { name, arguments: json } })) };
}

export function deltaField({ index, id, name, arguments: json }: ToolCallDelta): object {
  const head = id === undefined ? {} : { id, type: "function" };
  return { index, ...head, function: { ...(name === undefined ? {} : { name }), arguments: json } };
}
