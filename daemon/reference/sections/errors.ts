/** Error codes on every way in. */

import { exitCodeOf } from "../../cli/output/exit.ts";
import { ERROR_CODES, type ErrorCode } from "../../protocol/errors.ts";
import { STATUS } from "../../server/transport/http.ts";
import { markdownTable, section } from "../markdown.ts";

const MEANING: Readonly<Record<ErrorCode, string>> = {
  "invalid-request": "the message is no JSON-RPC request, or may not be sent now",
  "unknown-method": "there is no such method",
  "invalid-params": "a field is missing, unknown, of another type or out of its range",
  internal: "a fault of the daemon; its log says where",
  unauthorised: "no token, or one that is not known",
  forbidden: "the token lacks the scope; a foreign Host or Origin; something that belongs to the program",
  "not-found": "no such model, preset, artifact, job or path",
  conflict: "something else has it: another daemon, the port, a stream id in use",
  "too-large": "more than a limit allows",
  "wrong-model": "made for another model or quantisation",
  "unknown-control": "the rack has no control of that name",
  "out-of-range": "a layer or value that the model does not have",
  "not-steerable": "the model cannot be read or edited there; the message has the reason",
  "not-supported": "this version or model cannot do it; the message has the reason",
  "bad-model-file": "no GGUF file, a damaged one, or an architecture that is not known",
  "bad-preset": "the preset's text cannot be used; with line and column",
  "bad-artifact": "damaged or not usable data",
  overloaded: "a limit on what runs at once is reached; try again later",
  cancelled: "cancelled by its client",
  "context-full": "the prompt does not fit the context",
  "engine-crashed": "the model's engine ended; it is being started again",
  "engine-failed": "the model's engine could not do it; the message has the reason",
  "shutting-down": "the daemon is stopping, or the model was unloaded",
  "storage-failed": "a file could not be written or read (a full disk); what was there before is unchanged",
  "protocol-mismatch": "client and daemon speak different versions",
};

export function errors(): string {
  const rows = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => [
    `\`${code}\``,
    String(ERROR_CODES[code]),
    String(STATUS[code] ?? 400),
    String(exitCodeOf(code)),
    MEANING[code],
  ]);
  return section(
    2,
    "Errors",
    `An error says what happened and why (\`message\`), where (\`field\`) and what to do (\`suggestion\`). On the WebSocket it is
\`{"code": NUMBER, "message", "data": {"code": NAME, "field", "suggestion", "line", "column"}}\`; over HTTP
\`{"error": {"message", "type", "param", "code": NAME}}\`, as OpenAI's clients read it; on the command line with \`--json\`
\`{"error": {"code": NAME, "message", "field", "suggestion"}}\`. Branch on the name.`,
    markdownTable(["name", "JSON-RPC", "HTTP", "exit code", "meaning"], rows),
  );
}
