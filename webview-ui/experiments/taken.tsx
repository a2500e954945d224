/** What is asked where the name of a new artifact is taken. */
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";

export function Taken({ artifact: { id, shipped }, onReplace }: { artifact: ArtifactEntry; onReplace: () => void }) {
  return (
    <div class="ask" role="alert">
      <p>
        There is a slider called {id.split("/")[1]} already.
        {shipped && " It comes with Tiller: yours hides it and its evidence, and it comes back when yours is deleted."}
      </p>
      <div class="row">
        <button
          type="button"
          onClick={() => {
            const field = document.querySelector<HTMLInputElement>(`dialog [data-path="id"]`);
            field?.focus();
            field?.select();
          }}
        >
          Another name
        </button>
        <button type="button" class="danger" onClick={onReplace}>
          Replace
        </button>
      </div>
    </div>
  );
}
