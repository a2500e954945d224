/** Signing in with a token, the state of the connection, and the banner while it is lost. */
import { useState } from "preact/hooks";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "./icon.tsx";
import { ProblemCard } from "./problem-card.tsx";
import { sentence } from "./sentence.ts";

export function SignIn() {
  const { signIn } = useApp();
  const problem = useStore((state) => state.link.problem);
  const [token, setToken] = useState("");
  return (
    <main class="sign-in" id="main">
      <h1>Tiller</h1>
      <p>
        This page talks to the daemon on this computer and needs its token. <code>npx tiller status --page</code> prints the page’s address
        with it; <code>npx tiller token create</code> makes another.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== "") signIn(token.trim());
        }}
      >
        <label class="field">
          <span>Token</span>
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
            required
          />
        </label>
        <button type="submit" class="primary">
          Connect
        </button>
      </form>
      {problem !== null && <ProblemCard problem={{ ...problem, fix: null }} />}
      <p class="hint">It is kept for this tab only.</p>
    </main>
  );
}

const WORDS = {
  "signed-out": "Not connected",
  connecting: "Connecting …",
  open: "Connected",
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
      title={version === "" ? WORDS[phase] : `${WORDS[phase]} to daemon ${version}`}
    >
      <i aria-hidden="true" />
      <span>{WORDS[phase]}</span>
    </span>
  );
}

export function LinkBanner() {
  const { reconnect } = useApp();
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
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      )}
    </div>
  );
}
