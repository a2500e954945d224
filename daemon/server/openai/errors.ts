/** Our errors in the shape that OpenAI's clients read. */
import type { TillerError } from "../../protocol/errors.ts";

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
}

export function openAiError(error: TillerError): OpenAiError {
  const { suggestion, field } = error.detail;
  return {
    message: suggestion === undefined ? error.message : `${error.message}. ${suggestion}`,
    type: typeOf(error),
    param: field === undefined || field === "" ? null : field,
    code: error.code,
  };
}

function typeOf({ code }: TillerError): string {
  if (code === "unauthorised") return "authentication_error";
  if (code === "forbidden") return "permission_error";
  if (code === "overloaded") return "rate_limit_error";
  if (code === "internal" || code === "engine-crashed" || code === "engine-failed" || code === "shutting-down" || code === "storage-failed")
    return "server_error";
  return "invalid_request_error";
}
