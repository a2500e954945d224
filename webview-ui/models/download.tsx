/** Downloads a model by its address, once a person has seen how large it is and under which licence. */
import { useState } from "preact/hooks";
import type { ModelOffer } from "../../daemon/protocol/api/model.ts";
import { problemOf } from "../link/problem.ts";
import type { Problem, Progress as ProgressState } from "../store/state.ts";
import { useApp, useStore } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { OutsideLink } from "../ui/outside-link.tsx";
import { ProblemCard } from "../ui/problem-card.tsx";
import { Progress } from "../ui/progress.tsx";
import { bytesText } from "./format.ts";

export function DownloadForm({ downloads }: { downloads: readonly (readonly [string, ProgressState])[] }) {
  const { store, client } = useApp();
  const mayLoad = useStore((state) => state.link.scopes.some((scope) => scope === "load" || scope === "admin"));
  const [uri, setUri] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [offer, setOffer] = useState<ModelOffer | null>(null);
  const start = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (offer === null) setOffer(await client().call("model.offer", { uri: uri.trim() }));
      else {
        const model = await client().call("model.download", { uri: uri.trim() });
        store.dispatch({ type: "library/model", model });
        store.dispatch({ type: "library/progress", model: model.id, progress: null });
        setUri("");
        setOffer(null);
      }
    } catch (error) {
      setProblem(problemOf(error, "The model was not downloaded"));
    }
    setBusy(false);
  };
  return (
    <form
      class="download"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <h3>Download a model</h3>
      <div class="row tight">
        <label class="field grow">
          <span>hf: or https address of a GGUF file</span>
          <input
            required
            value={uri}
            placeholder="hf:owner/repository/file.gguf"
            spellcheck={false}
            onInput={(event) => {
              setUri(event.currentTarget.value);
              setOffer(null);
            }}
          />
        </label>
        <button type="submit" class="primary" disabled={busy || !mayLoad}>
          <Icon name="download" />
          {label(busy, offer)}
        </button>
      </div>
      {offer !== null && (
        <p role="status">
          <strong>{offer.fileName}</strong>, {bytesText(offer.sizeBytes)},{" "}
          {offer.licence === null ? "its repository states no licence" : `licence ${offer.licence}`}. A download that is broken off goes on
          where it stopped.
        </p>
      )}
      <p class="hint">
        <OutsideLink url="https://huggingface.co/models?library=gguf&pipeline_tag=text-generation">Models on Hugging Face</OutsideLink>
      </p>
      {!mayLoad && <p class="hint">This token has no “load” scope.</p>}
      {downloads.map(([id, { fraction, bytes, totalBytes }]) => (
        <Progress
          key={id}
          label={`Downloading ${id}`}
          fraction={fraction}
          note={bytes === null || totalBytes === null ? "" : `${bytesText(bytes)} of ${bytesText(totalBytes)}`}
        />
      ))}
      {problem !== null && <ProblemCard problem={problem} onRetry={() => void start()} onDismiss={() => setProblem(null)} />}
    </form>
  );
}

function label(busy: boolean, offer: ModelOffer | null): string {
  if (busy) return offer === null ? "Looking …" : "Downloading …";
  return offer === null ? "Download …" : `Download ${bytesText(offer.sizeBytes)}`;
}
