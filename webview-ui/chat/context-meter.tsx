/** How full the context is with the next message, and which turns will be left out of what the model reads. */
import { useEffect, useState } from "preact/hooks";
import type { Result } from "../../daemon/protocol/api/index.ts";
import { draftOf } from "../store/chats.ts";
import type { State } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { messagesOf, runningOf } from "./messages.ts";

/** After the last letter or turn. */
const QUIET_MS = 500;

type Fits = Pick<Result<"model.render">, "contextSize" | "leftOut"> & { readonly tokens: number };

export function ContextMeter() {
  const app = useApp();
  const turns = useStore((state) => state.conversations.find(({ id }) => id === state.current)?.turns);
  const draft = useStore(draftOf);
  const model = useStore((state) => state.library.models.find(({ id }) => id === state.model));
  const running = useStore((state) => runningOf(state).length > 0);
  const most = useStore((state) => state.sampling.values.maxTokens);
  const [fits, setFits] = useState<Fits | null>(null);
  // A model is not loaded to count; one without a template has no turns to leave out.
  const counts = model?.state === "loaded" && model.hasChatTemplate && !running;
  useEffect(() => {
    if (!counts) return;
    let ended = false;
    const timer = setTimeout(async () => {
      const messages = nextMessages(app.store.get());
      if (messages.length === 0) return setFits(null);
      const asked = { model: model!.id, messages, ...(most === undefined ? {} : { maxTokens: most }) };
      // Without an answer, or with a conversation that cannot be rendered, there is nothing to show here: sending says why.
      const rendered = await Promise.resolve(app.client().call("model.render", asked)).catch(() => null);
      if (!ended) setFits(rendered === null ? null : { ...rendered, tokens: rendered.tokens.length });
    }, QUIET_MS);
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [turns, draft, model?.id, counts, most, app]);
  if (fits === null) return null;
  const { tokens, contextSize, leftOut } = fits;
  const full = leftOut === null && tokens >= contextSize;
  return (
    <span class="context-meter number" data-over={leftOut !== null || full ? "" : undefined}>
      <meter min={0} max={contextSize} value={Math.min(tokens, contextSize)} aria-label="Context" />
      <span>
        {tokens} of {contextSize} tokens
        {leftOut !== null && (
          <span role="status">
            : the {leftOut.droppedTurns === 1 ? "oldest turn" : `${leftOut.droppedTurns} oldest turns`} ({leftOut.droppedTokens} tokens)
            will be left out
          </span>
        )}
        {full && <span role="status">: this does not fit; shorten it, or begin a new conversation</span>}
      </span>
    </span>
  );
}

/** What would be sent with the draft as it stands. */
function nextMessages(state: State) {
  const conversation = state.conversations.find(({ id }) => id === state.current);
  const draft = draftOf(state).trim();
  const turns = [...(conversation?.turns ?? []), ...(draft === "" ? [] : [{ id: "", role: "user" as const, text: draft }])];
  return turns.length === 0 ? [] : messagesOf(turns, state.answers, conversation?.system ?? "", state.rack.rest.system);
}
