/** Signing in with a token, the state of the connection, and the banner while it is lost. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { passIn } from "../link/token-text.ts";
import { useApp, useStore } from "../store/store.ts";
import { rescueFocus } from "./focus.ts";
import { Icon } from "./icon.tsx";
import { ProblemCard } from "./problem-card.tsx";
import { sentence } from "./sentence.ts";

/** A modal dialog, so that no other one lies above it; the page behind it keeps what was typed there. */
export function SignIn() {
  const { signIn } = useApp();
  const problem = useStore((state) => state.link.problem);
  const begun = useStore((state) => state.library.ready);
  const [token, setToken] = useState("");
  const [wrong, setWrong] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    // The focus goes back to where it was when the page is there again.
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => rescueFocus(() => (before?.isConnected === true ? before : null));
  }, []);
  return (
    // It ends with a token alone: browsers let a second Escape close any dialog.
    <dialog class="signed-out" ref={dialog} aria-labelledby="sign-in-title" onClose={() => dialog.current?.showModal()}>
      <div class="sign-in">
        <h1 id="sign-in-title">Tiller</h1>
        <p>
          This page talks to the daemon on this computer, which has to know you. <code>npx tiller status --page</code> prints an address
          that opens it, once; <code>npx tiller token create</code> makes a token that stays.
        </p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const found = passIn(token);
            setWrong(found === null);
            if (found !== null) signIn(found);
          }}
        >
          <label class="field">
            <span>Address, or token</span>
            <input
              type="password"
              autocomplete="off"
              spellcheck={false}
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
              required
            />
          </label>
          {wrong && (
            <p class="field-error" role="alert">
              There is no token in that. Paste the whole address that <code>npx tiller status --page</code> prints.
            </p>
          )}
          <button type="submit" class="primary">
            Connect
          </button>
        </form>
        {problem !== null && <ProblemCard problem={{ ...problem, fix: null }} />}
        <p class="hint">It is kept for this tab only.{begun && " What you wrote and set on this page is still there behind this form."}</p>
      </div>
    </dialog>
  );
}

const WORDS = {
  "signed-out": "Not connected",
  connecting: "Connecting …",
  open: "Connected",
  stopping: "Daemon is stopping",
  lost: "Reconnecting …",
  closed: "Not connected",
} as const;

export function ConnectionState() {
  const { phase, version } = useStore((state) => state.link);
  return (
    <span
      class="connection"
      data-phase={phase}
      role="status"
      title={version === "" || phase !== "open" ? WORDS[phase] : `${WORDS[phase]} to daemon ${version}`}
    >
      <i aria-hidden="true" />
      <span>{WORDS[phase]}</span>
    </span>
  );
}

export function LinkBanner() {
  const { reconnect, host } = useApp();
  const { phase, problem } = useStore((state) => state.link);
  if (phase === "open" && problem === null) return null;
  if (phase === "connecting" && problem === null) return null;
  return (
    <div class="banner" role="status">
      <Icon name="alert" />
      <span>
        <strong>{problem?.what ?? "The connection was lost"}.</strong> {sentence(problem?.why ?? "")}{" "}
        {sentence(problem?.next ?? "The page reconnects by itself.")}
      </span>
      {phase === "lost" && (
        <button type="button" onClick={reconnect}>
          Reconnect now
        </button>
      )}
      {phase === "closed" && (
        <button type="button" onClick={() => host.reload()}>
          Reload the page
        </button>
      )}
    </div>
  );
}
