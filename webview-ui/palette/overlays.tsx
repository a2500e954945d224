/** The palette of all actions, and the list of keys: dialogs above the page. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Pusher } from "../rack/push.ts";
import { useApp, useStore } from "../store/store.ts";
import { focusNext } from "../ui/focus.ts";
import { useModal } from "../ui/modal.ts";
import { actionsOf, matching, type PaletteAction } from "./actions.ts";
import { followKeys, HELP } from "./keys.ts";

export function Overlays({ pusher }: { pusher: Pusher }) {
  const app = useApp();
  const overlay = useStore((state) => state.overlay);
  useEffect(
    () =>
      followKeys(app, () => {
        app.store.dispatch({ type: "view", view: "chat" });
        focusNext("#question");
      }),
    [app],
  );
  if (overlay === "palette") return <Palette pusher={pusher} />;
  return overlay === "keys" ? <Keys /> : null;
}

function Palette({ pusher }: { pusher: Pusher }) {
  const app = useApp();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  // as they stood when it was opened
  const [actions] = useState(() => actionsOf(app, pusher));
  const found = matching(actions, typed);
  // before the next key, which is meant for it
  useLayoutEffect(() => dialog.current!.showModal(), []);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  const run = (action: PaletteAction | undefined) => {
    if (action === undefined) return;
    // Closed first, so that the focus returns before the action moves it.
    dialog.current!.close();
    app.store.dispatch({ type: "overlay", overlay: null });
    action.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, to)));
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(found[at]);
    }
  };
  return (
    <dialog
      class="dialog palette"
      ref={dialog}
      aria-label="All actions"
      onClose={() => app.store.dispatch({ type: "overlay", overlay: null })}
    >
      <input
        role="combobox"
        aria-label="What to do"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length === 0 ? undefined : `${id}-${at}`}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder="What to do …"
        value={typed}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 ? (
        <p class="empty" role="status">
          No action is called that.
        </p>
      ) : (
        <div class="palette-list" id={`${id}-list`} ref={list} role="listbox" aria-label="Actions">
          {found.map((action, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
            <div key={action.id} id={`${id}-${i}`} role="option" aria-selected={i === at} onClick={() => run(action)}>
              <span dir="auto">{action.title}</span>
              {action.key !== undefined && <kbd>{action.key}</kbd>}
            </div>
          ))}
        </div>
      )}
    </dialog>
  );
}

function Keys() {
  const { store, host } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const closed = useModal(dialog, () => store.dispatch({ type: "overlay", overlay: null }));
  return (
    <dialog class="dialog keys" ref={dialog} aria-label="Keys" onClose={closed}>
      <h2>Keys</h2>
      {HELP.map(({ where, list }) => (
        <section key={where} aria-label={where}>
          <h3>{where}</h3>
          <dl>
            {list
              .filter(({ keys }) => host.frame === null || keys[0] !== "Ctrl K")
              .map(({ keys, does }) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <div class="row end">
        <button type="button" onClick={() => store.dispatch({ type: "overlay", overlay: "palette" })}>
          All actions …
        </button>
        <button type="button" class="primary" onClick={() => dialog.current!.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
