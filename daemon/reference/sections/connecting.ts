/** How a client finds the daemon, proves who it is, and speaks with it. */
import { TOKEN_SCOPES, type TokenScope } from "../../protocol/api/table.ts";
import { PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "../../protocol/version.ts";
import { CLOSE } from "../../server/transport/connection.ts";
import { markdownTable, section } from "../markdown.ts";

const SCOPES: Readonly<Record<TokenScope, string>> = {
  generate: "answers and sliders on the default model, loaded ones and those that the owner has loaded once",
  library: "making presets, directions and jobs, and changing or deleting those that it made, never the owner's or another app's",
  capture: "activations, probe readings and rows of logits, which reveal prompts",
  gradient: "gradients of losses on answers, which reveal prompts and cost several passes each",
  load: "loading, unloading, downloading and forgetting models",
  admin: "everything: tokens of other apps, stopping the daemon; implies the others",
};

const CLOSES: Readonly<Record<keyof typeof CLOSE, string>> = {
  stopping: "the daemon is stopping; connect again later",
  handshake: "no `daemon.hello` within `limits.handshakeSeconds`",
  revoked: "the token was revoked",
  stuck: "too slow: more than `limits.bufferedBytes` waited, or nothing was read for `limits.stuckSeconds`",
};

export function connecting(): string {
  return section(2, "Connecting", address(), token(), handshake(), messages(), cancelling(), closing());
}

function address(): string {
  return `**Where.** The daemon's first line on stdout (\`tiller serve --json\`) is \`{"url", "token", "pid"}\`. A running one is in the
lock file \`~/.tiller/daemon.json\` (mode 0600; \`$TILLER_HOME\` instead of \`~/.tiller\` when set), with \`host\`, \`port\` and
\`token\`. It listens on 127.0.0.1 unless started with \`--host\` and \`--allow-remote\`.`;
}

function token(): string {
  const rows = TOKEN_SCOPES.map((scope) => [`\`${scope}\``, SCOPES[scope]]);
  return `**Token.** The lock file's token allows everything and is for the user's own programs. Another app gets its own with
\`tiller token create --name APP --scope SCOPE\`:

${markdownTable(["scope", "allows"], rows)}

A token in a URL is refused. The \`Host\` header must be the daemon's own address, and an \`Origin\` header, which browsers send,
its own page or one of \`origins\` in the settings.`;
}

function handshake(): string {
  return `**WebSocket.** Connect to \`ws://HOST:PORT${SOCKET_PATH}\` and offer two sub-protocols: \`${SUBPROTOCOL}\`, which is chosen, and
\`${TOKEN_SUBPROTOCOL_PREFIX}TOKEN\`, which carries the token. A refusal is an HTTP status (401 token, 403 Host or Origin, 404 path,
429 too many clients, 503 stopping) with \`{"error": …}\` as its body, as in [Errors](#errors). The first call must be
\`daemon.hello\`:

\`\`\`json
{"jsonrpc":"2.0","id":1,"method":"daemon.hello","params":{"protocol":${PROTOCOL_VERSION},"client":{"name":"my-app","version":"1"}}}
\`\`\``;
}

function messages(): string {
  return `**Messages.** Text messages are JSON-RPC 2.0: requests with an \`id\` of the client's choice (integer, or text of 1 to 128
characters, unique among unanswered ones), responses with \`result\` or \`error\`, and notifications from the daemon without an
\`id\`. Params are an object; an unknown key is refused by name. Batches are refused. Results may gain keys in later versions.
Binary messages go from the daemon to clients only: [Binary frames](#binary-frames).

An answer, from the question to the end (tokens come as soon as they are written, several in one message when they are quick):

\`\`\`text
→ {"jsonrpc":"2.0","id":2,"method":"generate.chat","params":{"stream":"a1","messages":[{"role":"user","content":"How are you?"}],
   "steering":{"preset":"joyful","set":{"joy":0.2}},"sampling":{"maxTokens":60,"seed":1}}}
← {"jsonrpc":"2.0","method":"generate.start","params":{"stream":"a1","model":"…","seed":1,"steered":{…},"promptTokens":12,"overflow":null}}
← {"jsonrpc":"2.0","method":"generate.token","params":{"stream":"a1","tokens":[{"index":0,"id":523,"text":"I","logprob":-0.2}]}}
→ {"jsonrpc":"2.0","id":3,"method":"steer.set","params":{"stream":"a1","set":{"joy":0.5}}}
← {"jsonrpc":"2.0","id":3,"result":{"steered":{…}}}
← {"jsonrpc":"2.0","method":"generate.steering","params":{"stream":"a1","token":7,"controls":{"joy":0.5},"steered":{…}}}
← {"jsonrpc":"2.0","id":2,"result":{"stream":"a1","text":"I …","tokens":[…],"reason":"end","steered":{…},"changes":[…],…}}
\`\`\`

A whole client in thirty lines: \`examples/steered-chat.mjs\`.`;
}

function cancelling(): string {
  return `**Cancelling.** \`generate.cancel\` ends an answer, whose result then arrives with reason \`cancelled\` and what was written. Any
other request is cancelled by the notification \`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":ID}}\`; its response is
an error. A closed connection cancels everything of its client but jobs.`;
}

function closing(): string {
  const rows = (Object.keys(CLOSES) as (keyof typeof CLOSE)[]).map((name) => [String(CLOSE[name]), CLOSES[name]]);
  return `**Keep-alive and closing.** The daemon pings; a socket that does not answer within \`limits.idleSeconds\` is closed. Its own close
codes:

${markdownTable(["code", "why"], rows)}`;
}
