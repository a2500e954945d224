/** Under a slider of another model: that it does not steer this one, and a way to one that does. */
import { useState } from "preact/hooks";
import type { ArtifactEntry } from "../../daemon/protocol/api/library.ts";
import { makers } from "../experiments/form.ts";
import { NewSlider } from "../experiments/new-slider.tsx";
import { useApp, useStore } from "../store/store.ts";

export function Foreign({ artifact }: { artifact: ArtifactEntry }) {
  const { store } = useApp();
  const experiments = useStore((state) => state.library.experiments);
  const [making, setMaking] = useState(false);
  // An artifact names its method and the way it went: directions/mean-difference.
  const [way] = artifact.method.id.split("/");
  const maker = makers(experiments).find(({ method, engine }) => method === way && engine);
  const make = () => {
    const form = store.get().newSlider;
    const id = artifact.id.split("/").at(-1)!;
    const values = { ...form.values, [maker!.id]: { ...form.values[maker!.id], id } };
    store.dispatch({ type: "new-slider", form: { experiment: maker!.id, values } });
    setMaking(true);
  };
  return (
    <p class="foreign" role="note">
      Made for another model: it does not steer this one.{" "}
      {maker !== undefined && (
        <button type="button" onClick={make}>
          Make it for this model …
        </button>
      )}
      {making && <NewSlider onClose={() => setMaking(false)} />}
    </p>
  );
}
