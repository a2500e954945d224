/** The models: what there is, loading with an estimate before, unloading, downloading. */
import { useEffect, useRef } from "preact/hooks";
import { useStore } from "../store/store.ts";
import { rescueFocus } from "../ui/focus.ts";
import { ModelCard } from "./card.tsx";
import { DownloadForm } from "./download.tsx";

export function ModelsView() {
  const models = useStore((state) => state.library.models);
  const ready = useStore((state) => state.library.ready);
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
      {ready && models.length === 0 && <p class="empty">There is no model yet. Download one below.</p>}
      <ul class="model-list">
        {models.map((model) => (
          <ModelCard key={model.id} model={model} />
        ))}
      </ul>
      <DownloadForm downloads={downloads} />
    </section>
  );
}
