/** A dialog above the page, which waits behind the sign-in. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { useApp, useStore } from "../store/store.ts";

/**
 * Opens it. Browsers count dialogs that nobody asked for as one with the dialog below them, so an Escape in the sign-in may close this one
 * too: it opens again when the page is let in.
 * @returns its `onClose`
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>, onClose: () => void): () => void {
  const { store } = useApp();
  const out = useStore((state) => state.link.phase === "signed-out");
  useEffect(() => {
    if (!out && dialog.current?.open === false) dialog.current.showModal();
  }, [out, dialog]);
  return () => {
    if (store.get().link.phase !== "signed-out") onClose();
  };
}
