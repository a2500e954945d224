/** Whatever went wrong, as what happened, why and what to do. */
import { CommanderError } from "commander";
import { ClientError } from "../../client/error.ts";
import { TillerError } from "../../protocol/errors.ts";
import { EXIT, exitCodeOf } from "./exit.ts";

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly suggestion?: string;
  readonly line?: number;
  readonly column?: number;
  readonly exit: number;
}

/** What to do where the client, which knows no command line, does not say. */
const WHAT_NOW: Readonly<Record<string, string>> = {
  disconnected: "The daemon ended or was ended; send it again, and a new one is started.",
};

export function failureOf(error: unknown): Failure {
  if (error instanceof TillerError || error instanceof ClientError) {
    const { field, line, column } = error.detail;
    const suggestion = error.detail.suggestion ?? WHAT_NOW[error.code];
    return {
      code: error.code,
      message: error.message,
      ...(field !== undefined && field !== "" ? { field } : {}),
      ...(suggestion !== undefined ? { suggestion } : {}),
      ...(line !== undefined ? { line } : {}),
      ...(column !== undefined ? { column } : {}),
      exit: exitCodeOf(error.code),
    };
  }
  if (error instanceof CommanderError) {
    return { code: "invalid-params", message: error.message.replace(/^error: /, ""), suggestion: "See `tiller --help`.", exit: EXIT.usage };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error), exit: EXIT.failure };
}

export function describeFailure({ message, suggestion }: Failure): string {
  return suggestion === undefined ? `tiller: ${message}` : `tiller: ${message}\n  ${suggestion}`;
}

export function usage(message: string, field: string, suggestion?: string): TillerError {
  return new TillerError("invalid-params", message, { field, suggestion });
}
