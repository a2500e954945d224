/** Our errors in the shape that OpenAI's clients read. */
import { TillerError } from "../../protocol/errors.ts";

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

/** Our fields, and what they are called in these bodies. */
const WORDS = [
  ["jsonSchema", "response_format.json_schema.schema"],
  ["templateKwargs", "chat_template_kwargs"],
  ["reasoningEffort", "reasoning_effort"],
  ["reasoningBudget", "reasoning_budget_tokens"],
] as const;

export function openAiError(problem: TillerError): OpenAiError {
  const error = inTheirWords(problem);
  const { suggestion, field } = error.detail;
  return {
    message: suggestion === undefined ? error.message : `${error.message}. ${suggestion}`,
    type: typeOf(error),
    param: field === undefined || field === "" ? null : field,
    code: error.code === "context-full" ? "context_length_exceeded" : error.code,
  };
}

/** Errors from further inside name our own fields; what is advised must be a field that these bodies have. */
function inTheirWords(error: TillerError): TillerError {
  const { code, detail } = error;
  if (code === "context-full")
    return new TillerError(code, error.message, {
      field: "messages",
      suggestion: 'Shorten it, send "overflow": "shift" to have the oldest part left out, or load the model with a larger context.',
    });
  const [ours, theirs] = WORDS.find(([word]) => detail.field?.startsWith(word)) ?? ["", ""];
  if (ours === "") return error;
  const said = (text: string): string => WORDS.reduce((told, [our, their]) => told.replaceAll(our, their), text);
  return new TillerError(code, said(error.message), {
    ...detail,
    field: detail.field!.replace(ours, theirs),
    ...(detail.suggestion === undefined ? {} : { suggestion: said(detail.suggestion) }),
  });
}

function typeOf({ code }: TillerError): string {
  if (code === "unauthorised") return "authentication_error";
  if (code === "forbidden") return "permission_error";
  if (code === "overloaded") return "rate_limit_error";
  if (code === "internal" || code === "engine-crashed" || code === "engine-failed" || code === "shutting-down" || code === "storage-failed")
    return "server_error";
  return "invalid_request_error";
}
