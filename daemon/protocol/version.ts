/** Version of the wire protocol. A client states the one it speaks in `daemon.hello`; a different major is refused. */
export const PROTOCOL_VERSION = 1;
/** Schema version in preset files (`tiller: 2`). 2: a control's own settings stand under `with`. Older files migrate when they are read. */
export const PRESET_VERSION = 2;
/** Schema version in artifacts. 2: an envelope with a body of its kind, and several receipts. Older ones migrate when they are read. */
export const ARTIFACT_VERSION = 2;
/** Schema version in evaluations (`*.eval.yaml`). */
export const EVALUATION_VERSION = 1;
/** WebSocket sub-protocol name; the token travels as a second one, `tiller.token.<token>`, never in a URL. */
export const SUBPROTOCOL = "tiller.v1";
export const TOKEN_SUBPROTOCOL_PREFIX = "tiller.token.";
/** Where a page changes its code into a session's token, and asks for a proof that the daemon knows that token. */
export const SESSION_PATH = "/v1/page/session";
export const PROOF_PATH = "/v1/page/proof";
/** Path of the WebSocket. */
export const SOCKET_PATH = "/ws";
