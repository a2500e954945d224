/** Exit codes of the command line, and which errors lead to which. */
import type { ClientErrorCode } from "../../client/error.ts";

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  conflict: 6,
  interrupted: 130,
} as const;

export const EXIT_MEANING: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "done (`status` also when no daemon runs, `stop` also when there was none)",
  failure: "it was tried and failed: a crash of the engine, a full disk, an internal error",
  usage: "wrong arguments: an unknown option, a value that is no number or out of range",
  notFound: "a file, model, preset, artifact, control or token that does not exist",
  refused: "refused, with the reason: not steerable there, made for another model, a file that is damaged or none of ours, no permission",
  unreachable: "the daemon cannot be reached or started, or the connection was lost",
  conflict: "something else has it: another daemon runs, the port is taken",
  interrupted: "ended by Ctrl-C",
};

const BY_CODE: Partial<Record<ClientErrorCode, number>> = {
  "invalid-request": EXIT.usage,
  "invalid-params": EXIT.usage,
  "out-of-range": EXIT.usage,
  "not-found": EXIT.notFound,
  "unknown-control": EXIT.notFound,
  unauthorised: EXIT.refused,
  forbidden: EXIT.refused,
  "too-large": EXIT.refused,
  "wrong-model": EXIT.refused,
  "not-steerable": EXIT.refused,
  "not-supported": EXIT.refused,
  "bad-model-file": EXIT.refused,
  "bad-preset": EXIT.refused,
  "bad-artifact": EXIT.refused,
  "context-full": EXIT.refused,
  "protocol-mismatch": EXIT.unreachable,
  unreachable: EXIT.unreachable,
  disconnected: EXIT.unreachable,
  "shutting-down": EXIT.unreachable,
  conflict: EXIT.conflict,
  cancelled: EXIT.interrupted,
};

export function exitCodeOf(code: string): number {
  return BY_CODE[code as ClientErrorCode] ?? EXIT.failure;
}
