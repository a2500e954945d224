/** Version of the wire protocol. A client states the one it speaks in `daemon.hello`; a different major is refused. */
export const PROTOCOL_VERSION = 1;
/** Schema version written into preset files (`tiller: 1`) and artifacts. */
export const SCHEMA_VERSION = 1;
/** WebSocket sub-protocol name; the token travels as a second one, `tiller.token.<token>`, never in a URL. */
export const SUBPROTOCOL = "tiller.v1";
export const TOKEN_SUBPROTOCOL_PREFIX = "tiller.token.";
/** Path of the WebSocket. */
export const SOCKET_PATH = "/ws";
