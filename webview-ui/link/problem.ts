/** Errors of the daemon as something to read and act on: what happened, why, what to do, and a button that does it. */
import type { ClientErrorCode } from "../../daemon/client/error.ts";
import type { ErrorDetail } from "../../daemon/protocol/errors.ts";
import type { FixKind, Problem } from "../store/state.ts";

interface Kind {
  readonly what: string;
  readonly next: string;
  readonly fix?: { readonly label: string; readonly kind: FixKind };
}

const RETRY = { label: "Try again", kind: "retry" } as const;
const MODELS = { label: "Open models", kind: "open-models" } as const;
const RECONNECT = { label: "Reconnect", kind: "reconnect" } as const;
const SLIDERS = { label: "Open sliders", kind: "open-sliders" } as const;

const KINDS: Partial<Record<ClientErrorCode, Kind>> = {
  "invalid-request": { what: "The daemon did not understand the page", next: "Reload the page." },
  "unknown-method": { what: "This daemon cannot do that", next: "Update the daemon, then reload the page." },
  "invalid-params": {
    what: "A value was refused",
    next: "Correct the value that is named.",
    fix: { label: "Open sampling", kind: "sampling" },
  },
  internal: { what: "Something went wrong in the daemon", next: "Try again; its log says more.", fix: RETRY },
  unauthorised: {
    what: "The daemon refused the token",
    next: "A daemon that was started anew has a new one: open the address that it printed, or that `npx tiller status --page` prints.",
    fix: { label: "Enter a token", kind: "sign-in" },
  },
  forbidden: { what: "This token may not do that", next: "Use a token with that scope.", fix: { label: "Enter a token", kind: "sign-in" } },
  "not-found": { what: "It does not exist", next: "Look at what there is.", fix: { label: "Refresh the lists", kind: "reload-library" } },
  conflict: { what: "It is in use", next: "Wait until the other is done, then try again.", fix: RETRY },
  "too-large": { what: "That is too large", next: "Shorten it and try again." },
  "wrong-model": { what: "These sliders belong to another model", next: "Choose the model that they were made for.", fix: MODELS },
  "unknown-control": { what: "The preset has no such slider", next: "Look at the sliders there are.", fix: SLIDERS },
  "out-of-range": { what: "A strength is out of range", next: "Move the slider back into its range.", fix: SLIDERS },
  "not-steerable": { what: "This model cannot be steered there", next: "Choose another place for the slider.", fix: SLIDERS },
  "not-supported": { what: "That does not exist yet", next: "Leave it out of the preset.", fix: SLIDERS },
  "bad-model-file": { what: "The model file cannot be used", next: "Choose another model.", fix: MODELS },
  "bad-preset": { what: "The preset has a mistake", next: "Correct it, then load it again.", fix: SLIDERS },
  "bad-artifact": { what: "The direction's file cannot be used", next: "Make it again or import it again.", fix: SLIDERS },
  overloaded: { what: "The daemon is busy", next: "Wait a moment, then try again.", fix: RETRY },
  cancelled: { what: "It was cancelled", next: "Start it again when you like.", fix: RETRY },
  "context-full": {
    what: "The conversation is longer than the model can hold",
    next: "Start a new one.",
    fix: { label: "New conversation", kind: "new-chat" },
  },
  "engine-crashed": { what: "The model's engine ended unexpectedly", next: "It is being restarted. Try again.", fix: RETRY },
  "engine-failed": { what: "The model could not do that", next: "Look at the model's settings.", fix: MODELS },
  "shutting-down": { what: "The daemon is stopping", next: "Start it again, then reconnect.", fix: RECONNECT },
  "storage-failed": { what: "It could not be saved", next: "Make room on the disk, then save again.", fix: RETRY },
  unreachable: { what: "The daemon cannot be reached", next: "Start it with `npm start`; the page connects by itself.", fix: RECONNECT },
  disconnected: { what: "The connection was lost", next: "The page reconnects by itself; then try again.", fix: RETRY },
  "protocol-mismatch": { what: "Page and daemon are of different versions", next: "Reload the page." },
};

/** `what` overrides the general sentence where the caller knows better, e.g. "The preset was not saved". */
export function problemOf(error: unknown, what?: string): Problem {
  const { code, message, detail } = read(error);
  const kind = KINDS[code] ?? KINDS["internal"]!;
  const place = detail.line === undefined ? "" : ` (line ${detail.line}, column ${detail.column ?? 1})`;
  const why = `${message}${place}`;
  return {
    what: what ?? kind.what,
    why: why.toLowerCase() === kind.what.toLowerCase() ? null : why,
    next: detail.suggestion ?? kind.next,
    fix: (code === "invalid-params" && isAboutControls(detail.field ?? message) ? SLIDERS : kind.fix) ?? null,
  };
}

function isAboutControls(field: string): boolean {
  return /^(steering|rack|controls|set)\b/.test(field);
}

export function codeOf(error: unknown): ClientErrorCode {
  return read(error).code;
}

/** The client's errors are recognised by shape, so that the class (and its schema library) stays out of the bundle. */
function read(error: unknown): { code: ClientErrorCode; message: string; detail: ErrorDetail } {
  const value = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; message?: unknown; detail?: unknown };
  const code = typeof value.code === "string" ? (value.code as ClientErrorCode) : "internal";
  const message = typeof value.message === "string" && value.message !== "" ? value.message : String(error);
  return { code, message, detail: typeof value.detail === "object" && value.detail !== null ? value.detail : {} };
}
