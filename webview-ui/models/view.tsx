/** The models: what there is, loading with an estimate before, unloading, adding, downloading. */
import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { AddForm } from "./add.tsx";
import { ModelCard } from "./card.tsx";
import { DownloadForm } from "./download.tsx";

export function ModelsView() {
  const models = useStore((state) => state.library.models);
  const ready = useStore((state) => state.library.ready);
  const mayLoad = useStore((state) => state.link.scopes.some((scope) => scope === "load" || scope === "admin"));
  const progress = useStore((state) => state.library.progress);
  const heading = useRef<HTMLHeadingElement>(null);
  // Opened by a button of another view, which is gone now.
  useEffect(() => rescueFocus(() => heading.current), []);
  const downloads = Object.entries(progress).filter(([id, { phase }]) => phase === "download" && !models.some((model) => model.id === id));
  return (
    <section class="models" aria-label="Models">
      <h2 ref={heading} tabIndex={-1}>
        Models
      </h2>
      {!ready && <p class="hint">Reading the list …</p>}
      {ready && models.length === 0 && <p class="empty">There is no model yet. Add or download one below.</p>}
      <ul class="model-list">
        {models.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </ul>
      {mayLoad ? <AddForm /> : <p class="hint">This token has no “load” scope: it cannot add models.</p>}
      <DownloadForm downloads={downloads} />
    </section>
  );
}
