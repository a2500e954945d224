/** Where the question is written; Enter sends, Shift+Enter starts a line. Below it the seed and the most used settings. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pusher } from "../rack/push.ts";
import { draftOf } from "../store/chats.ts";
import { useApp, useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { wrongField } from "../ui/number.ts";
import { ContextMeter } from "./context-meter.tsx";
import { send, stopCurrent } from "./converse.ts";
import { runningOf } from "./messages.ts";
import { SamplingPanel } from "./sampling.tsx";
import { SeedField } from "./seed.tsx";
import { SliderStrip } from "./slider-strip.tsx";

export function Composer({ pusher }: { pusher: Pusher }) {
  const app = useApp();
  const text = useStore(draftOf);
  const form = useRef<HTMLFormElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const running = useStore((state) => runningOf(state).length > 0);
  const connected = useStore((state) => state.link.phase === "open");
  const raw = useStore((state) => state.library.models.find(({ id }) => id === state.model)?.hasChatTemplate === false);
  const open = useStore((state) => state.samplingOpen);
  const write = (draft: string) => app.store.dispatch({ type: "chat/draft", id: app.store.get().current, text: draft });
  const submit = () => {
    if (text.trim() === "" || running || !connected) return;
    const wrong = wrongField(form.current);
    if (wrong !== null) return wrong.focus();
    write("");
    void send(app, pusher, text.trim());
  };
  // "Stop" becomes a "Send" that is disabled while nothing is written, and keeps the focus until the next frame only.
  useLayoutEffect(() => {
    const active = document.activeElement;
    if (!running && active?.matches("button") && form.current?.contains(active)) rescueFocus(() => area.current);
  }, [running]);
  return (
    <form
      class="composer"
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {open && <SamplingPanel />}
      <SliderStrip />
      {raw && <p class="hint">This model has no chat template: it continues your text as it stands.</p>}
      <div class="composer-box">
        <label class="hidden" for="question">
          Message
        </label>
        <textarea
          id="question"
          ref={area}
          dir="auto"
          rows={Math.min(8, Math.max(2, text.split("\n").length))}
          placeholder={raw ? "Begin a text …" : "Write a message …"}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && running && !event.isComposing) {
              event.preventDefault();
              stopCurrent(app);
              return;
            }
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        {running ? (
          <button type="button" class="stop" onClick={() => stopCurrent(app)}>
            <Icon name="stop" />
            Stop
          </button>
        ) : (
          <button type="submit" class="primary" disabled={!connected || text.trim() === ""}>
            <Icon name="send" />
            Send
          </button>
        )}
      </div>
      <div class="composer-foot">
        <button
          type="button"
          class="quiet"
          aria-expanded={open}
          onClick={() => app.store.dispatch({ type: "panel", panel: "sampling", open: !open })}
        >
          <Icon name="sliders" />
          Sampling
        </button>
        <SeedField />
        <ContextMeter />
        <SamplingSummary />
      </div>
    </form>
  );
}

function SamplingSummary() {
  const { temperature, topP, maxTokens } = useStore((state) => state.sampling.values);
  const parts = [
    ...(temperature === undefined ? [] : [`temperature ${temperature}`]),
    ...(topP === undefined ? [] : [`top-p ${topP}`]),
    ...(maxTokens === undefined ? [] : [`${maxTokens} tokens`]),
  ];
  return <span class="hint number composer-summary">{parts.join(" · ")}</span>;
}
