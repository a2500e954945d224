/** Our errors in the shape that OpenAI's clients read. */
import { TillerError } from "../../protocol/errors.ts";

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

const OUR_SCHEMA = "jsonSchema";
const THEIR_SCHEMA = "response_format.json_schema.schema";

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
  if (detail.field?.startsWith(OUR_SCHEMA) !== true) return error;
  const field = detail.field.replace(OUR_SCHEMA, THEIR_SCHEMA);
  return new TillerError(code, error.message.replace(OUR_SCHEMA, THEIR_SCHEMA), { ...detail, field });
}

function typeOf({ code }: TillerError): string {
  if (code === "unauthorised") return "authentication_error";
  if (code === "forbidden") return "permission_error";
  if (code === "overloaded") return "rate_limit_error";
  if (code === "internal" || code === "engine-crashed" || code === "engine-failed" || code === "shutting-down" || code === "storage-failed")
    return "server_error";
  return "invalid_request_error";
}
