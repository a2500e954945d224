/** A link of an answer: nothing is fetched, and nothing opens, before a person has seen the address and said so. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../store/store.ts";
import { CopyButton } from "../ui/copy.tsx";

export function InertLink({ address, picture, children }: { address: string; picture: boolean; children: ComponentChildren }) {
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button type="button" class="md-link" aria-haspopup="dialog" title={address} onClick={() => setAsked(true)}>
        {picture && <span class="md-picture">Picture: </span>}
        {children}
      </button>
      {asked && <Ask address={address} onClose={() => setAsked(false)} />}
    </>
  );
}

function Ask({ address, onClose }: { address: string; onClose: () => void }) {
  const { host } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const outside = outsideOf(address);
  const close = () => dialog.current!.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: nothing is done here; a click is only kept from the text below
    <dialog
      class="dialog md-ask"
      ref={dialog}
      aria-label="Where this link leads"
      onClose={onClose}
      onClick={(event) => event.stopPropagation()}
    >
      <h2>{outside === null ? "This address is not opened from here" : "Open this address?"}</h2>
      <p dir="ltr">
        <code>{outside ?? (address === "" ? "(none)" : address)}</code>
      </p>
      <p class="hint">
        {outside === null
          ? "Only https addresses are opened. Copy it, if you know what it does."
          : "The model wrote it: it may lead nowhere, or elsewhere than it says."}
      </p>
      <div class="row end">
        <CopyButton text={() => address} label="Copy the address">
          Copy
        </CopyButton>
        <button type="button" onClick={close}>
          {outside === null ? "Close" : "Stay here"}
        </button>
        {outside !== null && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              host.openLink(outside);
              close();
            }}
          >
            Open
          </button>
        )}
      </div>
    </dialog>
  );
}

/** An https address as a browser would go to it, letters that look like others spelled out; null: it is none. */
function outsideOf(address: string): string | null {
  try {
    const url = new URL(address);
    return url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}
