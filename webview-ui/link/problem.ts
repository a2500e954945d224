/** Errors of the daemon as something to read and act on: what happened, why, what to do, and a button that does it. */
import type { ClientErrorCode } from "../../daemon/client/error.ts";
import type { ErrorDetail } from "../../daemon/protocol/errors.ts";
import type { FixKind, Problem } from "../store/state.ts";
import { placeOf, plainMessage } from "./field.ts";

interface Kind {
  readonly what: string;
  readonly next: string | null;
  readonly fix?: Fix;
}
type Fix = { readonly label: string; readonly kind: FixKind };

const RETRY = { label: "Try again", kind: "retry" } as const;
const MODELS = { label: "Open models", kind: "open-models" } as const;
const RECONNECT = { label: "Reconnect", kind: "reconnect" } as const;
const SLIDERS = { label: "Open sliders", kind: "open-sliders" } as const;
const SAMPLING = { label: "Open sampling", kind: "sampling" } as const;
// The label says that the page leaves its connection: no other fix does.
const SIGN_IN = { label: "Sign in with another token", kind: "sign-in" } as const;

/** Stands for what a person does where the daemon does not run, which depends on where the page is. */
const START = "{start}";
let startAdvice = "";

/** @param advice a sentence, of the page's host */
export function adviseToStart(advice: string): void {
  startAdvice = advice;
}

const KINDS: Partial<Record<ClientErrorCode, Kind>> = {
  "invalid-request": { what: "The daemon did not understand the page", next: "Reload the page." },
  "unknown-method": { what: "This daemon cannot do that", next: "Update the daemon, then reload the page." },
  "invalid-params": { what: "A value was refused", next: "Correct the value that is named." },
  internal: { what: "Something went wrong in the daemon", next: "Try again; its log says more.", fix: RETRY },
  unauthorised: {
    what: "The daemon does not let this page in",
    next: "A daemon that was started anew knows no page yet: open the address that it printed, or that `npx tiller status --page` prints.",
    fix: SIGN_IN,
  },
  forbidden: { what: "That is not allowed", next: null },
  "not-found": { what: "It does not exist", next: "Look at what there is.", fix: { label: "Refresh the lists", kind: "reload-library" } },
  conflict: { what: "It is in use", next: "Wait until the other is done, then try again.", fix: RETRY },
  "too-large": { what: "That is too large", next: "Shorten it and try again." },
  "wrong-model": { what: "These sliders belong to another model", next: "Choose the model that they were made for.", fix: MODELS },
  "unknown-control": { what: "The preset has no such slider", next: "Look at the sliders there are.", fix: SLIDERS },
  "out-of-range": { what: "A number is out of range", next: "Choose one within the range." },
  "not-steerable": { what: "This model cannot be steered there", next: "Choose another place for the slider." },
  "not-supported": { what: "That does not exist yet", next: "Leave it out." },
  "bad-model-file": { what: "The model file cannot be used", next: "Choose another model.", fix: MODELS },
  "bad-preset": { what: "The preset has a mistake", next: "Correct it, then load it again." },
  "bad-artifact": { what: "The direction's file cannot be used", next: "Make it again or import it again." },
  overloaded: { what: "The daemon is busy", next: "Wait a moment, then try again.", fix: RETRY },
  cancelled: { what: "It was cancelled", next: "Start it again when you like.", fix: RETRY },
  "context-full": {
    what: "The conversation is longer than the model can hold",
    next: "Start a new one.",
    fix: { label: "New conversation", kind: "new-chat" },
  },
  "engine-crashed": { what: "The model's engine ended unexpectedly", next: "It is being restarted. Try again.", fix: RETRY },
  "engine-failed": { what: "The model could not do that", next: "Look at the model's settings.", fix: MODELS },
  "shutting-down": { what: "The daemon is stopping", next: START, fix: RECONNECT },
  "storage-failed": { what: "It could not be saved", next: "Make room on the disk, then save again.", fix: RETRY },
  unreachable: { what: "The daemon cannot be reached", next: `The page tries again by itself. ${START}`, fix: RECONNECT },
  disconnected: {
    what: "The connection was lost",
    next: "The page reconnects by itself while the daemon runs; then try again.",
    fix: RETRY,
  },
  "protocol-mismatch": { what: "Page and daemon are of different versions", next: "Reload the page." },
};

/** `what` overrides the general sentence where the caller knows better, e.g. "The preset was not saved". */
export function problemOf(error: unknown, what?: string): Problem {
  const { code, message, detail } = read(error);
  const kind = kindOf(code, message, detail.field);
  const place = detail.line === undefined ? "" : ` (line ${detail.line}, column ${detail.column ?? 1})`;
  const why = `${plainMessage(message, detail.field)}${place}`;
  return {
    what: what ?? kind.what,
    why: why.toLowerCase() === kind.what.toLowerCase() ? null : why,
    next: detail.suggestion ?? kind.next?.replace(START, startAdvice) ?? null,
    fix: kind.fix ?? null,
  };
}

/** The daemon says why it stops: the name of a signal, or in words already. */
export function stoppingProblem(reason: string): Problem {
  const why = /^SIG[A-Z]+$/.test(reason) ? "it was asked to stop" : reason;
  return { what: "The daemon is stopping", why, next: startAdvice, fix: RECONNECT };
}

/** The same code can speak of very different things: the field says of which, and so what can help. */
function kindOf(code: ClientErrorCode, message: string, field: string | undefined): Kind {
  const kind = KINDS[code] ?? KINDS["internal"]!;
  // A judge of the user's own is refused by a service elsewhere: this page's token has nothing to do with it.
  if (code === "unauthorised" && field?.startsWith("judge")) return { what: "The judge cannot be used", next: null };
  if (code === "forbidden" && /\bscope '/.test(message))
    return { what: "This token may not do that", next: "Use a token with that scope.", fix: SIGN_IN };
  if (code === "not-found" && field?.includes("judge")) return { what: kind.what, next: kind.next };
  if (!BY_FIELD.has(code)) return kind;
  const place = field === undefined && code !== "invalid-params" ? "sliders" : placeOf(field ?? message);
  const fix = place === "sliders" ? SLIDERS : place === "sampling" ? SAMPLING : undefined;
  return { ...kind, ...(code === "out-of-range" ? outOfRange(field ?? message) : {}), ...(fix === undefined ? {} : { fix }) };
}

/** Where the button depends on the field: the place that has it, or none. */
const BY_FIELD = new Set<ClientErrorCode>([
  "invalid-params",
  "out-of-range",
  "not-steerable",
  "not-supported",
  "bad-preset",
  "bad-artifact",
]);

function outOfRange(field: string): Partial<Kind> {
  if (/(^|\.)layers\b/.test(field)) return { what: "There is no such layer", next: "Choose layers that the model has." };
  if (placeOf(field) === "sliders") return { what: "A strength is out of range", next: "Move the slider back into its range." };
  return {};
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
