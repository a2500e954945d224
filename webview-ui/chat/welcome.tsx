/** The empty conversation: what to do first. */
import type { Pusher } from "../rack/push.ts";
import { useApp, useStore } from "../store/store.ts";
import { question, rescueFocus } from "../ui/focus.ts";
import { send } from "./converse.ts";

const FIRST = ["Tell me about your day.", "What do you see from the window?", "Tell me a short story about the sea."] as const;

export function Welcome({ pusher }: { pusher: Pusher }) {
  const app = useApp();
  const connected = useStore((state) => state.link.phase === "open");
  const controls = useStore((state) => state.rack.controls.length);
  const noModel = useStore((state) => state.library.ready && state.library.models.length === 0);
  const ask = (text: string) => {
    void send(app, pusher, text);
    rescueFocus(question);
  };
  return (
    <div class="welcome">
      <h3>Talk to the model, and steer it while it talks.</h3>
      <ol>
        <li>{controls === 0 ? "Choose a preset under Sliders." : "Set a slider under Sliders."}</li>
        <li>Send a message. The answer says what steered it.</li>
        <li>Move a slider while it is being written: the next token follows.</li>
      </ol>
      {noModel ? (
        <button type="button" class="primary" onClick={() => app.store.dispatch({ type: "view", view: "models" })}>
          Get a model first
        </button>
      ) : (
        <div class="row">
          {FIRST.map((text) => (
            <button type="button" key={text} disabled={!connected} onClick={() => ask(text)}>
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
