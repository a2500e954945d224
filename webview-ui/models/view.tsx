/** The models: what there is, loading with an estimate before, unloading, downloading. */
import { useStore } from "../store/store.ts";
import { ModelCard } from "./card.tsx";
import { DownloadForm } from "./download.tsx";

export function ModelsView() {
  const models = useStore((state) => state.library.models);
  const ready = useStore((state) => state.library.ready);
  const progress = useStore((state) => state.library.progress);
  const downloads = Object.entries(progress).filter(([id, { phase }]) => phase === "download" && !models.some((model) => model.id === id));
  return (
    <section class="models" aria-label="Models">
      <h2>Models</h2>
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
